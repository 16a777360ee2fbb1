/** A control with its label, its help and its mistakes, tied together for those who do not see them. */

import { el } from "../dom/el.js";
import { newId } from "../dom/ids.js";
import { optionalMark } from "./group.js";

/** @typedef {import("../types.d.ts").FieldError} FieldError */

/**
 * @typedef {object} Labelled
 * @property {HTMLElement} node
 * @property {(errors: readonly FieldError[]) => void} setErrors
 */

/**
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {{ label: string, required: boolean, value: unknown, help?: string | undefined }} words
 * @param {...HTMLElement} beside
 * @returns {Labelled}
 */
export function labelled(control, { help, ...words }, ...beside) {
  const [id, helpId, errorId] = [newId("field"), newId("help"), newId("mistake")];
  control.id = id;
  const isCheckbox = control.type === "checkbox";
  const mistakes = el("div", { id: errorId, class: "mistakes" });
  if (words.required && !isCheckbox) control.required = true;
  control.setAttribute("aria-describedby", help === undefined ? errorId : `${helpId} ${errorId}`);
  const labelNode = el("label", { for: id }, words.label, isCheckbox ? null : optionalMark(words));
  const node = el(
    "div",
    { class: isCheckbox ? "field field-check" : "field" },
    ...(isCheckbox ? [control, labelNode] : [labelNode, control]),
    ...beside,
    help === undefined ? null : el("p", { id: helpId, class: "help" }, help),
    mistakes,
  );
  return { node, setErrors: (errors) => showMistakes(mistakes, errors, [control]) };
}

/**
 * Shows mistakes and marks the controls they are about.
 *
 * @param {HTMLElement} place
 * @param {readonly FieldError[]} errors
 * @param {readonly HTMLElement[]} [controls]
 */
export function showMistakes(place, errors, controls = []) {
  place.replaceChildren(
    ...errors.map(({ path, message }) => el("p", { class: "mistake" }, path === "" ? message : `${path}: ${message}`)),
  );
  for (const control of controls) {
    if (errors.length > 0) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

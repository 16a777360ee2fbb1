/** A form made from a schema, which sends what was filled in and shows the server's mistakes where they are. */

import { ApiProblem, wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";
import { createField } from "./field.js";
import { InputMistake } from "./input-mistake.js";

/** @typedef {import("../types.d.ts").FieldError} FieldError */
/** @typedef {import("../types.d.ts").Hints} Hints */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @typedef {object} FormOptions
 * @property {JsonSchema} schema
 * @property {unknown} [value] what is shown at first
 * @property {Hints} [hints]
 * @property {string} submit what the button says
 * @property {string} [busy] what it says meanwhile
 * @property {string | null} [denial] why it may not be sent; null if it may
 * @property {(value: any) => Promise<void>} onSubmit
 * @property {string} [cancel] where one goes instead
 */

/**
 * @param {FormOptions} options
 * @returns {HTMLFormElement}
 */
export function schemaForm({ schema, value, hints = {}, submit, busy = "Saving…", denial = null, onSubmit, cancel }) {
  const field = createField(schema, { pointer: "", label: "", required: true, value, hints, create: createField });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const button = el(
    "button",
    { type: "submit", class: "button button-primary", "aria-disabled": denial !== null && "true" },
    submit,
  );
  const form = el(
    "form",
    { class: "form", novalidate: true },
    field.node,
    problem,
    el(
      "div",
      { class: "actions" },
      button,
      cancel === undefined ? null : el("a", { class: "button", href: cancel }, "Cancel"),
      denial === null ? null : el("p", { class: "denial" }, denial),
    ),
  );
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending || denial !== null) return;
    sending = true;
    button.textContent = busy;
    form.setAttribute("aria-busy", "true");
    problem.hidden = true;
    field.setErrors([]);
    try {
      await onSubmit(field.value());
    } catch (error) {
      showProblem(error);
    } finally {
      sending = false;
      button.textContent = submit;
      form.removeAttribute("aria-busy");
    }
  });
  const showProblem = (/** @type {unknown} */ error) => {
    const errors = errorsOf(error);
    field.setErrors(errors);
    problem.replaceChildren(
      el("p", {}, errors.length > 1 ? `${errors.length} fields need another look.` : wordsOf(error)),
    );
    problem.hidden = false;
    /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"))?.focus();
  };
  return form;
}

/**
 * @param {unknown} error
 * @returns {readonly FieldError[]}
 */
export function errorsOf(error) {
  if (error instanceof ApiProblem) return error.errors;
  if (error instanceof InputMistake) return [{ path: error.pointer, message: error.message }];
  return [];
}

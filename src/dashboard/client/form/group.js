/** A frame with a title around fields that belong together. */

import { el } from "../dom/el.js";

/** @typedef {import("../dom/el.js").Child} Child */

/**
 * @param {{ label: string, required: boolean, value: unknown, help: string | undefined }} words
 * @param {...Child} content
 */
export function group({ help, ...words }, ...content) {
  return el(
    "fieldset",
    { class: "group" },
    el("legend", {}, words.label, optionalMark(words)),
    help === undefined ? null : el("p", { class: "help" }, help),
    ...content,
  );
}

/**
 * Says that a field may be left alone. Of one that is filled in it would only be noise.
 *
 * @param {{ required: boolean, value: unknown }} field
 */
export function optionalMark({ required, value }) {
  return required || value !== undefined ? null : el("span", { class: "optional" }, " optional");
}

/** The options of a filter: as a form made from their schema, or as JSON, whichever one likes better. */

import { el } from "../dom/el.js";
import { createField } from "../form/field.js";
import { jsonField } from "../form/json-field.js";
import { fits, kindOf } from "../form/schema-kind.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * Shown as a form where there is a schema and what is there fits it.
 *
 * @param {{ schema: JsonSchema, pointer: string, value: unknown }} options
 * @returns {Field}
 */
export function filterOptions({ schema, pointer, value }) {
  const hasForm = kindOf(schema) !== "json";
  const isFresh = value === undefined || Object.keys(/** @type {object} */ (value)).length === 0;
  const place = el("div", {});
  const toggle = el("button", { type: "button", class: "button button-small" });
  const note = el("p", { class: "mistake", hidden: true });
  /** @type {Field} */
  let field;
  let isForm = false;
  const show = (/** @type {boolean} */ asForm, /** @type {unknown} */ content) => {
    isForm = asForm;
    const context = {
      pointer,
      label: "",
      required: true,
      value: content,
      hints: hintsBelow(pointer),
      create: createField,
    };
    field = asForm
      ? createField(schema, { ...context, label: kindOf(schema) === "choice" ? "Options" : "" })
      : jsonField({}, { ...context, label: "Options", value: content ?? {} });
    place.replaceChildren(field.node);
    toggle.textContent = asForm ? "Edit as JSON" : "Edit as a form";
    note.hidden = true;
  };
  toggle.addEventListener("click", () => {
    try {
      const content = field.value();
      if (!isForm && !fits(schema, content)) throw new Error("these options do not have the shape of the form");
      show(!isForm, content);
    } catch (error) {
      note.textContent = error instanceof Error ? error.message : String(error);
      note.hidden = false;
    }
  });
  show(hasForm && (isFresh || fits(schema, value)), isFresh ? undefined : value);
  const node = el("div", { class: "filter-options" }, place, note, hasForm ? toggle : null);
  return { node, value: () => field.value(), setErrors: (errors) => field.setErrors(errors) };
}

/** Fields that one nearly always fills in, though their schemas do not require them. */
const USUAL_FIELDS = [
  "detectors",
  "fields/*/path",
  ...["first", "last", "with"].flatMap((each) => [`fields/*/${each}`, `change/${each}`]),
];

/**
 * @param {string} pointer
 * @returns {import("../types.d.ts").Hints}
 */
function hintsBelow(pointer) {
  const at = pointer.replaceAll(/\/\d+(?=\/|$)/g, "/*");
  return Object.fromEntries(USUAL_FIELDS.map((field) => [`${at}/${field}`, { upfront: true }]));
}

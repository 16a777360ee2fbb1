/** Yes or no. */

import { el } from "../dom/el.js";
import { labelled } from "./labelled.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * An optional one that stays at its default is left out.
 *
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function switchField(schema, context) {
  const { label, required, value } = context;
  const standard = schema.default === true;
  const given = typeof value === "boolean";
  const input = el("input", { type: "checkbox", checked: given ? value : standard });
  const { node, setErrors } = labelled(input, { label, required, value, help: helpOf(schema, context) });
  return {
    node,
    setErrors,
    value: () => (!required && !given && input.checked === standard ? undefined : input.checked),
  };
}

/** A number. */

import { el } from "../dom/el.js";
import { InputMistake } from "./input-mistake.js";
import { labelled } from "./labelled.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function numberField(schema, context) {
  const { pointer, label, required, value } = context;
  const input = el("input", {
    type: "number",
    inputmode: schema.type === "integer" ? "numeric" : "decimal",
    step: schema.type === "integer" ? "1" : "any",
    min: schema.minimum,
    max: schema.maximum,
    placeholder: schema.default === undefined ? null : String(schema.default),
    value: typeof value === "number" ? String(value) : "",
  });
  const { node, setErrors } = labelled(input, { label, required, value, help: helpOf(schema, context) });
  return {
    node,
    setErrors,
    value: () => {
      // What is no number the browser gives as an empty text.
      if (input.validity.badInput) throw new InputMistake(pointer, "must be a number");
      if (input.value !== "") return Number(input.value);
      if (required) throw new InputMistake(pointer, "is required");
      return undefined;
    },
  };
}

/** Any value, as JSON text: for what is too rich for a form. */

import { el } from "../dom/el.js";
import { InputMistake } from "./input-mistake.js";
import { labelled } from "./labelled.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

const FEWEST_ROWS = 3;
const MOST_ROWS = 24;

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function jsonField(schema, context) {
  const { pointer, label, required, value } = context;
  const text = value === undefined ? "" : JSON.stringify(value, null, 2);
  const area = el("textarea", {
    class: "code",
    rows: Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, text.split("\n").length + 1)),
    value: text,
    autocapitalize: "off",
    spellcheck: "false",
  });
  const help = [helpOf(schema, context), "As JSON."].filter((each) => each !== undefined).join(" ");
  const { node, setErrors } = labelled(area, { label, required, value, help });
  return {
    node,
    setErrors,
    value: () => {
      if (area.value.trim() === "" && !required) return undefined;
      return parsed(area.value, pointer);
    },
  };
}

/**
 * @param {string} text
 * @param {string} pointer
 * @returns {unknown}
 */
function parsed(text, pointer) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputMistake(pointer, `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

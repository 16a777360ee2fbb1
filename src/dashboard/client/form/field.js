/** Makes the field that a schema asks for. */

import { choiceField } from "./choice-field.js";
import { jsonField } from "./json-field.js";
import { listField } from "./list-field.js";
import { numberField } from "./number-field.js";
import { objectField } from "./object-field.js";
import { hintFor } from "./pointer.js";
import { recordField } from "./record-field.js";
import { canShow, kindOf } from "./schema-kind.js";
import { switchField } from "./switch-field.js";
import { textField } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/** @type {Readonly<Record<import("./schema-kind.js").Kind, (schema: JsonSchema, context: FieldContext) => Field>>} */
const MAKERS = {
  const: (schema, context) => constantField(schema, context),
  choice: choiceField,
  text: textField,
  number: numberField,
  switch: switchField,
  list: listField,
  object: objectField,
  record: recordField,
  json: jsonField,
};

/**
 * A value that the field of its schema cannot show is shown as JSON.
 *
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function createField(schema, context) {
  const { widget } = hintFor(context.hints, context.pointer);
  if (widget !== undefined) return widget(schema, context);
  if (context.value !== undefined && !canShow(schema, context.value)) return jsonField(schema, context);
  return MAKERS[kindOf(schema)](schema, context);
}

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
function constantField(schema, context) {
  const { node, setErrors } = textField({ type: "string" }, { ...context, value: String(schema.const) });
  node.querySelector("input")?.setAttribute("readonly", "");
  return { node, setErrors, value: () => schema.const };
}

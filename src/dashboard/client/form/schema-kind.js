/** What kind of field a schema asks for, and whether a value is one of it. */

/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/** @typedef {"const" | "choice" | "text" | "number" | "switch" | "list" | "object" | "record" | "json"} Kind */

/**
 * @param {JsonSchema} schema
 * @returns {Kind}
 */
export function kindOf(schema) {
  if (schema.const !== undefined) return "const";
  if (alternativesOf(schema).length > 0) return "choice";
  if (schema.type === "string") return "text";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "array" && schema.items !== undefined) return "list";
  if (schema.type !== "object") return "json";
  if (schema.properties !== undefined) return "object";
  return isAnything(recordValues(schema)) ? "json" : "record";
}

/**
 * The alternatives of a schema, an enum's values as constants.
 *
 * @param {JsonSchema} schema
 * @returns {readonly JsonSchema[]}
 */
export function alternativesOf({ anyOf, oneOf, enum: values }) {
  return anyOf ?? oneOf ?? values?.map((value) => ({ const: value })) ?? [];
}

/**
 * The schema of a record's values: of an object with names that are not told.
 *
 * @param {JsonSchema} schema
 * @returns {JsonSchema}
 */
export function recordValues({ patternProperties, additionalProperties }) {
  const [byPattern] = Object.values(patternProperties ?? {});
  return byPattern ?? (typeof additionalProperties === "object" ? additionalProperties : {});
}

/**
 * Whether a field of this schema can show the value, even where something is still missing.
 *
 * @param {JsonSchema} schema
 * @param {unknown} value
 * @returns {boolean}
 */
export function canShow(schema, value) {
  if (kindOf(schema) !== "object" || !isObject(value)) return fits(schema, value);
  return Object.entries(value).every(([name, each]) => {
    const part = schema.properties?.[name];
    return part !== undefined && canShow(part, each);
  });
}

/**
 * Whether a value has the shape that a schema asks for. Whether it is right, the server says.
 *
 * @param {JsonSchema} schema
 * @param {unknown} value
 * @returns {boolean}
 */
export function fits(schema, value) {
  switch (kindOf(schema)) {
    case "const":
      return value === schema.const;
    case "choice":
      return alternativesOf(schema).some((each) => fits(each, value));
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "switch":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value) && value.every((each) => fits(schema.items ?? {}, each));
    case "object":
      return isObject(value) && fitsObject(schema, value);
    case "record":
      return isObject(value) && Object.values(value).every((each) => fits(recordValues(schema), each));
    case "json":
      return true;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {JsonSchema} schema
 * @param {Record<string, unknown>} value
 */
function fitsObject({ properties = {}, required = [] }, value) {
  return (
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, each]) => properties[name] !== undefined && fits(properties[name], each))
  );
}

/** @param {JsonSchema} schema */
function isAnything(schema) {
  return Object.keys(schema).every((key) => key === "description" || key === "title");
}

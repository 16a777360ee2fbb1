/** Schemas in words. */

/** @typedef {import("./types.d.ts").Schema} Schema */

/**
 * The type of a value in a word or two: `text`, `list of Mapping`, `"mirror" or "append"`.
 *
 * @param {Schema} schema
 * @returns {string}
 */
export function typeOf(schema) {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  const entries = Object.values(schema.patternProperties ?? {});
  if (entries[0] !== undefined) return `${typeOf(entries[0])} by name`;
  if (schema.type === "string") return schema.format ?? "text";
  return schema.type ?? "anything";
}

/**
 * The rules a value has to keep beside its type.
 *
 * @param {Schema} schema
 * @returns {string[]}
 */
export function rulesOf(schema) {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, readOnly } = schema;
  return [
    between(minimum, maximum, ""),
    between(minLength, maxLength, " characters"),
    between(minItems, maxItems, " elements"),
    pattern === undefined ? null : `matches ${pattern}`,
    schema.default === undefined ? null : `default ${JSON.stringify(schema.default)}`,
    readOnly === true ? "read only" : null,
  ].filter((rule) => rule !== null);
}

/**
 * The schemas inside of one that are worth showing below it.
 *
 * @param {Schema} schema
 * @returns {Schema[]}
 */
export function shapesIn(schema) {
  if (schema.properties !== undefined) return [schema];
  const inside = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...inside, ...Object.values(schema.patternProperties ?? {})].flatMap(shapesIn);
}

/** @param {string} reference #/components/schemas/Name */
export function nameOf(reference) {
  return reference.split("/").at(-1) ?? "";
}

/**
 * @param {number | undefined} least
 * @param {number | undefined} most
 * @param {string} of
 */
function between(least, most, of) {
  if (least === undefined && most === undefined) return null;
  if (most === undefined) return `at least ${least}${of}`;
  return least === undefined ? `at most ${most}${of}` : `${least} to ${most}${of}`;
}

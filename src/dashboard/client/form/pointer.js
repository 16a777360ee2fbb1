/** JSON Pointers (RFC 6901), as the server names fields. */

/** @typedef {import("../types.d.ts").FieldError} FieldError */
/** @typedef {import("../types.d.ts").Hint} Hint */
/** @typedef {import("../types.d.ts").Hints} Hints */

/**
 * @param {string} pointer
 * @param {string | number} part
 */
export function below(pointer, part) {
  return `${pointer}/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * The first part of a pointer and what is left of it; null for the empty one.
 *
 * @param {string} pointer
 */
export function firstPart(pointer) {
  const match = /^\/([^/]*)(.*)$/s.exec(pointer);
  if (match === null) return null;
  const [, part = "", rest = ""] = match;
  return { part: part.replaceAll("~1", "/").replaceAll("~0", "~"), rest };
}

/**
 * Errors by the first part of their path; those about the whole, or about parts there are not, are `own`.
 *
 * @param {readonly FieldError[]} errors
 * @param {ReadonlySet<string>} parts
 */
export function byFirstPart(errors, parts) {
  /** @type {FieldError[]} */
  const own = [];
  /** @type {Map<string, FieldError[]>} */
  const inside = new Map();
  for (const error of errors) {
    const first = firstPart(error.path);
    if (first === null || !parts.has(first.part)) own.push(error);
    else inside.set(first.part, [...(inside.get(first.part) ?? []), { path: first.rest, message: error.message }]);
  }
  return { own, inside };
}

/**
 * What is known of a field beside its schema.
 *
 * @param {Hints} hints
 * @param {string} pointer
 * @returns {Hint}
 */
export function hintFor(hints, pointer) {
  return hints[pointer] ?? hints[pointer.replaceAll(/\/\d+(?=\/|$)/g, "/*")] ?? {};
}

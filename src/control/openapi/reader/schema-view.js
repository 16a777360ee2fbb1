/** A schema as a table of its fields, with those of fields below them. */

import { el } from "./el.js";
import { nameOf, rulesOf, shapesIn, typeOf } from "./schema-text.js";

/** @typedef {import("./types.d.ts").Schema} Schema */

/**
 * What a value is. Named schemas are linked to and not repeated.
 *
 * @param {Schema} schema
 * @returns {HTMLElement}
 */
export function schemaView(schema) {
  const shapes = shapesIn(schema);
  const [first] = shapes;
  const isPlain = shapes.length === 1 && first === schema;
  return el(
    "div",
    { class: "schema" },
    isPlain ? null : el("p", {}, typeView(schema), ...notes(schema)),
    ...shapes.map(fields),
  );
}

/**
 * The type, with links to the named schemas in it.
 *
 * @param {Schema} schema
 * @returns {HTMLElement}
 */
export function typeView(schema) {
  const names = new Set(references(schema));
  const parts = typeOf(schema).split(/\b/);
  return el("code", {}, ...parts.map((part) => (names.has(part) ? el("a", { href: `#schema-${part}` }, part) : part)));
}

/**
 * @param {Schema} schema
 * @returns {HTMLElement}
 */
function fields(schema) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("code", {}, name), required.has(name) ? el("small", {}, " required") : null),
      el("td", {}, typeView(field)),
      el("td", {}, ...notes(field), ...shapesIn(field).map((shape) => nested(name, shape))),
    ),
  );
  const head = ["Field", "Type", "Meaning"].map((title) => el("th", { scope: "col" }, title));
  if (rows.length === 0) return el("p", {}, "No fields.");
  return el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
}

/**
 * @param {string} name
 * @param {Schema} shape
 * @returns {HTMLElement}
 */
function nested(name, shape) {
  return el("details", {}, el("summary", {}, `Fields of ${name}`), fields(shape));
}

/** @param {Schema} schema */
function notes(schema) {
  const rules = rulesOf(schema);
  return [
    schema.description === undefined ? null : el("span", {}, schema.description),
    rules.length === 0 ? null : el("small", {}, ` ${rules.join("; ")}`),
  ];
}

/**
 * @param {Schema} schema
 * @returns {string[]}
 */
function references(schema) {
  if (schema.$ref !== undefined) return [nameOf(schema.$ref)];
  const inside = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...inside, ...Object.values(schema.patternProperties ?? {})].flatMap(references);
}

/** One of several: constants, or shapes that each have fields of their own. */

import { el } from "../dom/el.js";
import { labelled } from "./labelled.js";
import { alternativesOf, fits, kindOf } from "./schema-kind.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/** The value of the option that leaves the field out. */
const NONE = "";

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function choiceField(schema, context) {
  const { label, required, value } = context;
  const alternatives = alternativesOf(schema);
  const names = namesOf(alternatives);
  const standard = alternatives.findIndex((each) => each.const !== undefined && each.const === schema.default);
  const select = el("select", {});
  if (!required) {
    select.append(el("option", { value: NONE }, standard < 0 ? "not set" : `${names[standard]} (default)`));
  }
  alternatives.forEach((_, index) => {
    if (!required && index === standard && value === undefined) return;
    select.append(el("option", { value: String(index) }, names[index] ?? ""));
  });
  const given = value === undefined ? -1 : alternatives.findIndex((each) => fits(each, value));
  select.value = given >= 0 ? String(given) : required ? String(Math.max(standard, 0)) : NONE;

  const description = el("p", { class: "help" });
  const place = el("div", { class: "chosen" });
  const { node, setErrors } = labelled(
    select,
    { label, required, value: value ?? schema.default, help: helpOf(schema, context) },
    description,
    place,
  );
  /** @type {Field | null} */
  let inside = null;
  const chosen = () => (select.value === NONE ? undefined : alternatives[Number(select.value)]);
  const show = (/** @type {unknown} */ initial) => {
    const alternative = chosen();
    description.textContent = alternative?.description ?? "";
    description.hidden = description.textContent === "";
    const isPlain = alternative === undefined || kindOf(alternative) === "const";
    inside = isPlain
      ? null
      : context.create(withoutConstants(alternative), insideContext(alternative, context, initial));
    place.replaceChildren(...(inside === null ? [] : [inside.node]));
  };
  select.addEventListener("change", () => show(undefined));
  show(given >= 0 ? value : undefined);
  return {
    node,
    value: () => {
      const alternative = chosen();
      if (alternative === undefined) return undefined;
      if (inside === null) return alternative.const;
      const own = inside.value();
      return kindOf(alternative) === "object" ? { ...constantsOf(alternative), .../** @type {object} */ (own) } : own;
    },
    setErrors: (errors) => {
      setErrors(inside === null ? errors : []);
      inside?.setErrors(errors);
    },
  };
}

/**
 * Fields of a shape need no frame of their own, a list or text does say what it is.
 *
 * @param {JsonSchema} alternative
 * @param {FieldContext} context
 * @param {unknown} initial
 * @returns {FieldContext}
 */
function insideContext(alternative, context, initial) {
  const isObject = kindOf(alternative) === "object";
  return {
    ...context,
    label: isObject ? "" : context.label,
    required: true,
    value: isObject ? variable(alternative, initial) : initial,
  };
}

/**
 * What tells alternatives apart: their constant, the constants in them, or else the fields they require.
 *
 * @param {readonly JsonSchema[]} alternatives
 * @returns {string[]}
 */
function namesOf(alternatives) {
  const short = alternatives.map((each) => {
    if (each.const !== undefined) return String(each.const);
    if (each.title !== undefined) return each.title;
    const constants = Object.values(constantsOf(each));
    if (constants.length > 0) return constants.join(" ");
    return kindOf(each) === "object" ? (each.required ?? []).join(" and ") : (each.type ?? "other");
  });
  return short.map((name, index) => {
    if (short.filter((each) => each === name).length === 1) return name;
    const { required = [], properties = {} } = alternatives[index] ?? {};
    const own = required.filter((field) => properties[field]?.const === undefined);
    return own.length === 0 ? name : `${name} (${own.join(", ")})`;
  });
}

/** @param {JsonSchema} schema @returns {Record<string, unknown>} */
function constantsOf({ properties = {} }) {
  const constants = Object.entries(properties).filter(([, { const: value }]) => value !== undefined);
  return Object.fromEntries(constants.map(([name, { const: value }]) => [name, value]));
}

/** @param {JsonSchema} schema @returns {JsonSchema} */
function withoutConstants(schema) {
  if (kindOf(schema) !== "object") return schema;
  const constants = constantsOf(schema);
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !(name in constants));
  const required = (schema.required ?? []).filter((name) => !(name in constants));
  return { ...schema, properties: Object.fromEntries(properties), required };
}

/**
 * @param {JsonSchema} alternative
 * @param {unknown} value
 */
function variable(alternative, value) {
  if (value === undefined) return undefined;
  const constants = constantsOf(alternative);
  return Object.fromEntries(Object.entries(/** @type {object} */ (value)).filter(([name]) => !(name in constants)));
}

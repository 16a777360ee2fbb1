/** A line of text: typed, picked from a list, or typed with suggestions. */

import { el } from "../dom/el.js";
import { newId } from "../dom/ids.js";
import { labelled } from "./labelled.js";
import { hintFor } from "./pointer.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function textField(schema, context) {
  const { pointer, label, required, value, hints } = context;
  const { choices, suggest, fixed, onPick } = hintFor(hints, pointer);
  const help = helpOf(schema, context);
  if (choices !== undefined) return pickField(choices, { ...context, help }, onPick);
  const input = el("input", {
    type: "text",
    value: typeof value === "string" ? value : "",
    placeholder: schema.format === "date-time" ? "2026-11-22T00:00:00Z" : placeholderOf(schema),
    readonly: fixed === true,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const list = el("datalist", { id: newId("suggestions") });
  if (suggest !== undefined) {
    input.setAttribute("list", list.id);
    input.addEventListener("focus", () => void fill(list, suggest, input), { once: true });
  }
  const { node, setErrors } = labelled(
    input,
    { label, required, value, help },
    ...(suggest === undefined ? [] : [list]),
  );
  // Where there has to be a text, an empty one is none: the server then says what is missing.
  const mayBeEmpty = required && schema.minLength === undefined && schema.pattern === undefined;
  return { node, setErrors, value: () => (input.value === "" && !mayBeEmpty ? undefined : input.value) };
}

/**
 * What the field's help says.
 *
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 */
export function helpOf({ description }, { pointer, hints }) {
  return hintFor(hints, pointer).help ?? description;
}

/**
 * @param {readonly string[]} choices
 * @param {FieldContext & { help: string | undefined }} context
 * @param {((value: string) => void) | undefined} onPick
 * @returns {Field}
 */
function pickField(choices, { label, required, value, help }, onPick) {
  const select = el("select", {}, el("option", { value: "" }, required ? "Choose…" : "none"));
  select.append(...choices.map((choice) => el("option", { value: choice }, choice)));
  select.value = typeof value === "string" ? value : "";
  if (onPick !== undefined) select.addEventListener("change", () => onPick(select.value));
  const { node, setErrors } = labelled(select, { label, required, value, help });
  return { node, setErrors, value: () => (select.value === "" ? undefined : select.value) };
}

/**
 * @param {HTMLDataListElement} list
 * @param {() => Promise<readonly string[]>} suggest
 * @param {HTMLInputElement} input
 */
async function fill(list, suggest, input) {
  // Without suggestions one types the name; what is wrong with the cluster is said when it is used.
  const values = await suggest().catch(() => []);
  list.replaceChildren(...values.map((value) => el("option", { value })));
  // Browsers show the list of an input that had none when it got the focus only after it got it again.
  if (document.activeElement === input && input.value === "") input.dispatchEvent(new Event("input"));
}

/** @param {JsonSchema} schema */
function placeholderOf({ default: standard }) {
  return standard === undefined ? null : String(standard);
}

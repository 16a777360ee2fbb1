/** Several values of one kind, in order. */

import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { iconButton } from "../dom/icon-button.js";
import { group } from "./group.js";
import { showMistakes } from "./labelled.js";
import { below, byFirstPart } from "./pointer.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function listField(schema, context) {
  const { label, required, value } = context;
  const items = schema.items ?? {};
  const one = nameOfOne(label);
  const list = el("ol", { class: "list" });
  const mistakes = el("div", { class: "mistakes" });
  /** @type {{ field: Field, row: HTMLElement }[]} */
  let entries = [];
  const add = (/** @type {unknown} */ initial) => {
    const field = context.create(items, {
      ...context,
      pointer: below(context.pointer, entries.length),
      label: `${one.charAt(0).toUpperCase()}${one.slice(1)} ${entries.length + 1}`,
      required: true,
      value: initial,
    });
    const remove = iconButton("remove", `Remove ${one}`, () => {
      entries = entries.filter((each) => each !== entry);
      row.remove();
      addButton.focus();
    });
    const row = el("li", {}, field.node, remove);
    const entry = { field, row };
    entries.push(entry);
    list.append(row);
    return row;
  };
  const addButton = el("button", { type: "button", class: "button button-small" }, icon("add"), `Add ${one}`);
  addButton.addEventListener("click", () => {
    /** @type {HTMLElement | null} */ (add(undefined).querySelector("input, select, textarea"))?.focus();
  });
  const given = Array.isArray(value);
  if (given) value.forEach(add);
  else if (required && (schema.minItems ?? 0) > 0) add(undefined);
  const node = group({ label, required, value, help: helpOf(schema, context) }, mistakes, list, addButton);
  return {
    node,
    value: () => {
      // JSON has no place for nothing in a list.
      const values = entries.map(({ field }) => field.value() ?? "");
      return values.length === 0 && !required && !given ? undefined : values;
    },
    setErrors: (errors) => {
      const { own, inside } = byFirstPart(errors, new Set(entries.map((_, index) => String(index))));
      showMistakes(mistakes, own);
      entries.forEach(({ field }, index) => {
        field.setErrors(inside.get(String(index)) ?? []);
      });
    },
  };
}

/** @param {string} label of many: Fields, Policies */
function nameOfOne(label) {
  const word = label.toLowerCase();
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.endsWith("s") ? word.slice(0, -1) : `${word} entry`;
}

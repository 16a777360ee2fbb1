/** Names and values, both of one's own choice. */

import { el } from "../dom/el.js";
import { icon } from "../dom/icon.js";
import { iconButton } from "../dom/icon-button.js";
import { newId } from "../dom/ids.js";
import { group } from "./group.js";
import { InputMistake } from "./input-mistake.js";
import { showMistakes } from "./labelled.js";
import { below, byFirstPart, hintFor } from "./pointer.js";
import { isObject, recordValues } from "./schema-kind.js";
import { helpOf } from "./text-field.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function recordField(schema, context) {
  const { pointer, label, required, value, hints } = context;
  const { suggest } = hintFor(hints, pointer);
  const names = el("datalist", { id: newId("names") });
  if (suggest !== undefined) {
    void suggest().then((known) => names.append(...known.map((name) => el("option", { value: name }))));
  }
  const list = el("ul", { class: "list record" });
  const mistakes = el("div", { class: "mistakes" });
  /** @type {{ name: HTMLInputElement, field: Field }[]} */
  let entries = [];
  const add = (/** @type {string} */ initialName, /** @type {unknown} */ initial) => {
    const name = el("input", {
      type: "text",
      value: initialName,
      "aria-label": `Name (${label})`,
      placeholder: "name",
      list: names.id,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    const field = context.create(recordValues(schema), {
      ...context,
      pointer: below(pointer, initialName),
      label: "Value",
      required: true,
      value: initial,
    });
    const nameLabel = () =>
      field.node.querySelector("input")?.setAttribute("aria-label", `Value of ${name.value || "the name"}`);
    name.addEventListener("input", nameLabel);
    nameLabel();
    const remove = iconButton("remove", `Remove from ${label}`, () => {
      entries = entries.filter((each) => each !== entry);
      row.remove();
      addButton.focus();
    });
    const row = el("li", {}, name, field.node, remove);
    const entry = { name, field };
    entries.push(entry);
    list.append(row);
    return name;
  };
  const addButton = el("button", { type: "button", class: "button button-small" }, icon("add"), "Add");
  addButton.setAttribute("aria-label", `Add to ${label}`);
  addButton.addEventListener("click", () => add("", undefined).focus());
  if (isObject(value)) for (const [name, each] of Object.entries(value)) add(name, each);
  const node = group({ label, required, value, help: helpOf(schema, context) }, mistakes, list, names, addButton);
  return {
    node,
    value: () => {
      /** @type {Record<string, unknown>} */
      const record = {};
      for (const { name, field } of entries) {
        if (name.value in record) throw new InputMistake(pointer, `${name.value || "an empty name"} is there twice`);
        record[name.value] = field.value();
      }
      return entries.length === 0 && !required ? undefined : record;
    },
    setErrors: (errors) => {
      const { own, inside } = byFirstPart(errors, new Set(entries.map(({ name }) => name.value)));
      showMistakes(mistakes, own);
      for (const { name, field } of entries) field.setErrors(inside.get(name.value) ?? []);
    },
  };
}

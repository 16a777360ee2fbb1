/** One filter of a chain: which it is, its options, and its place. */

import { el } from "../dom/el.js";
import { iconButton } from "../dom/icon-button.js";
import { createField } from "../form/field.js";
import { labelled, showMistakes } from "../form/labelled.js";
import { below, byFirstPart } from "../form/pointer.js";
import { switchField } from "../form/switch-field.js";
import { textField } from "../form/text-field.js";
import { filterOptions } from "./filter-options.js";

/** @typedef {import("../types.d.ts").CatalogueEntry} CatalogueEntry */
/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FilterUse} FilterUse */

/**
 * @typedef {object} FilterCard
 * @property {HTMLElement} node
 * @property {() => string} name
 * @property {() => FilterUse} value
 * @property {Field["setErrors"]} setErrors
 * @property {(index: number, of: number) => void} setPlace
 * @property {() => void} focus
 * @property {(by: number) => void} focusMove puts the focus on the button that moved it
 *
 * @typedef {object} FilterCardOptions
 * @property {string} pointer
 * @property {readonly CatalogueEntry[]} catalogue
 * @property {FilterUse} filter
 * @property {boolean} readOnly
 * @property {(by: number) => void} onMove
 * @property {() => void} onRemove
 * @property {() => void} onChange
 */

/** The option of the list that stands for a file of one's own. */
const FILE = "a filter file";

/**
 * @param {FilterCardOptions} options
 * @returns {FilterCard}
 */
export function filterCard({ pointer, catalogue, filter, readOnly, onMove, onRemove, onChange }) {
  const isBuiltIn = catalogue.some(({ name }) => name === filter.use);
  const choice = el(
    "select",
    {},
    ...[...catalogue.map(({ name }) => name), FILE].map((name) => el("option", { value: name }, name)),
  );
  choice.value = isBuiltIn ? filter.use : FILE;
  const use = labelled(choice, { label: "Filter", required: true, value: filter.use });
  const file = textField(
    {
      type: "string",
      description: "Its path, from a directory that strait was given with --filters: ./filters/mine.ts",
    },
    { ...fieldContext(`${pointer}/use`, "File", isBuiltIn ? undefined : filter.use), required: true },
  );
  const monitor = switchField(
    {
      type: "boolean",
      default: false,
      description: "It only looks on: what it would have done is counted, nothing of it is done.",
    },
    fieldContext(`${pointer}/monitor`, "Monitor only", filter.monitor === true ? true : undefined),
  );
  const description = el("p", { class: "help" });
  const optionsPlace = el("div", {});
  const mistakes = el("div", { class: "mistakes" });
  /** @type {Field} */
  let options;
  const isFile = () => choice.value === FILE;
  const showChosen = (/** @type {Record<string, unknown> | undefined} */ value) => {
    const entry = catalogue.find(({ name }) => name === choice.value);
    description.textContent = entry?.description ?? "A filter of your own.";
    file.node.hidden = !isFile();
    options = filterOptions({ schema: entry?.options ?? {}, pointer: below(pointer, "options"), value });
    optionsPlace.replaceChildren(options.node);
    onChange();
  };
  choice.addEventListener("change", () => showChosen(undefined));
  showChosen(filter.options);

  const place = el("span", { class: "filter-place" });
  const name = () => (isFile() ? String(file.value() ?? FILE) : choice.value);
  const up = iconButton("up", "Move up", () => onMove(-1));
  const down = iconButton("down", "Move down", () => onMove(1));
  const remove = iconButton("remove", "Remove filter", onRemove);
  const body = el("div", { class: "filter-body" }, use.node, file.node, description, optionsPlace, monitor.node);
  const node = el(
    "li",
    { class: "filter" },
    el(
      "div",
      { class: "filter-head" },
      place,
      readOnly ? null : el("span", { class: "filter-tools" }, up, down, remove),
    ),
    mistakes,
    readOnly ? el("fieldset", { class: "plain", disabled: true }, body) : body,
  );
  return {
    node,
    name,
    value: () => {
      const isMonitor = monitor.value();
      return {
        use: isFile() ? String(file.value()) : choice.value,
        options: /** @type {Record<string, unknown>} */ (options.value() ?? {}),
        ...(isMonitor !== undefined && { monitor: isMonitor === true }),
      };
    },
    setErrors: (errors) => {
      const { own, inside } = byFirstPart(errors, new Set(["use", "options", "monitor"]));
      showMistakes(mistakes, own);
      use.setErrors(isFile() ? [] : (inside.get("use") ?? []));
      file.setErrors(isFile() ? (inside.get("use") ?? []) : []);
      options.setErrors(inside.get("options") ?? []);
      monitor.setErrors(inside.get("monitor") ?? []);
    },
    setPlace: (index, of) => {
      place.textContent = `Filter ${index + 1} of ${of}`;
      node.setAttribute("aria-label", `Filter ${index + 1} of ${of}: ${name()}`);
      up.disabled = index === 0;
      down.disabled = index === of - 1;
    },
    focus: () => choice.focus(),
    focusMove: (by) => {
      const [wanted, other] = by < 0 ? [up, down] : [down, up];
      (wanted.disabled ? other : wanted).focus();
    },
  };
}

/**
 * @param {string} pointer
 * @param {string} label
 * @param {unknown} value
 */
function fieldContext(pointer, label, value) {
  return { pointer, label, required: false, value, hints: {}, create: createField };
}

/** One record before and after the filters, with what differs marked. */

import { el } from "../dom/el.js";
import { moment } from "../text/numbers.js";
import { comparedTexts } from "./compared-texts.js";

/** @typedef {import("../types.d.ts").PreviewedRecord} PreviewedRecord */
/** @typedef {import("../types.d.ts").ShownBytes} ShownBytes */
/** @typedef {import("../types.d.ts").ShownContent} ShownContent */

/** @type {Readonly<Record<PreviewedRecord["outcome"], string>>} */
const OUTCOMES = { keep: "unchanged", replace: "changed", drop: "dropped", fail: "failed" };

/**
 * @param {PreviewedRecord} record
 * @returns {HTMLElement}
 */
export function previewedRecord(record) {
  const { partition, offset, timestamp, outcome, before, after } = record;
  return el(
    "article",
    {
      class: `record outcome-${outcome}`,
      "aria-label": `Partition ${partition}, offset ${offset}: ${OUTCOMES[outcome]}`,
    },
    el(
      "header",
      { class: "record-head" },
      el("strong", {}, `${partition} / ${offset}`),
      el("span", { class: `tag tag-${outcome}` }, OUTCOMES[outcome]),
      el("span", { class: "muted" }, whatHappened(record)),
      timestamp === null ? null : el("time", { class: "muted" }, moment(timestamp)),
    ),
    el("div", { class: "columns" }, ...(after === null ? withoutAfter(record) : bothSides(before, after))),
  );
}

/** @param {PreviewedRecord} record */
function whatHappened({ outcome, filter, reason, changed, monitored }) {
  if (outcome === "drop") return `by ${filter}`;
  if (outcome === "fail") return `at ${filter}: ${reason}`;
  const named = (/** @type {Record<string, string[]>} */ by) =>
    Object.entries(by).map(([name, paths]) => `${name}: ${paths.join(", ")}`);
  const wouldBe = named(monitored).map((each) => `would have been, by ${each}`);
  return [...named(changed), ...wouldBe].join("; ");
}

/** @param {PreviewedRecord} record */
function withoutAfter({ before, outcome }) {
  const why = outcome === "drop" ? "It does not cross: a filter drops it." : "It does not cross: a filter fails on it.";
  return [
    side(
      "Before",
      partsOf(before).map(([name, bytes]) => part(name, textOf(bytes))),
    ),
    side("After", [el("p", { class: "not-crossing" }, why)]),
  ];
}

/**
 * @param {ShownContent} before
 * @param {ShownContent} after
 */
function bothSides(before, after) {
  const [left, right] = [new Map(partsOf(before)), new Map(partsOf(after))];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const compared = names.map((name) => {
    const texts = comparedTexts(textOf(left.get(name) ?? null), textOf(right.get(name) ?? null));
    return { before: part(name, texts.before), after: part(name, texts.after) };
  });
  return [
    side(
      "Before",
      compared.map((each) => each.before),
    ),
    side(
      "After",
      compared.map((each) => each.after),
    ),
  ];
}

/**
 * @param {string} title
 * @param {readonly HTMLElement[]} parts
 */
function side(title, parts) {
  return el("section", { class: "side", "aria-label": title }, el("h4", {}, title), ...parts);
}

/**
 * @param {string} name
 * @param {string | DocumentFragment} content
 */
function part(name, content) {
  return el(
    "div",
    { class: "part" },
    el("span", { class: "part-name" }, name),
    el("pre", { class: "code", tabindex: "0" }, content),
  );
}

/**
 * Key, value and headers by name. Headers of the same name get a number.
 *
 * @param {ShownContent} content
 * @returns {[string, ShownBytes | null][]}
 */
function partsOf({ key, value, headers }) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const named = headers.map(({ name, value: bytes }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return /** @type {[string, ShownBytes | null]} */ ([`header ${name}${times > 1 ? ` (${times})` : ""}`, bytes]);
  });
  return [["value", value], ["key", key], ...named];
}

/** @param {ShownBytes | null} bytes */
function textOf(bytes) {
  if (bytes === null) return "(none)";
  const text = "text" in bytes ? bytes.text : `base64 ${bytes.base64}`;
  return bytes.truncatedFrom === undefined ? text : `${text}… (${bytes.truncatedFrom} bytes in all)`;
}

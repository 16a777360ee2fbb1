/** Shows what filters make of the newest records: before and after, side by side. */

import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";
import { counted } from "../text/numbers.js";
import { previewedRecord } from "./previewed-record.js";

/** @typedef {import("../types.d.ts").FilterUse} FilterUse */
/** @typedef {import("../types.d.ts").Preview} Preview */

/**
 * @typedef {object} PreviewOptions
 * @property {(records: number) => Promise<Preview>} ask
 * @property {(error: unknown) => void} onProblem gets what the server says of the filters
 * @property {string | null} denial why one may not see records; null if one may
 */

/**
 * @param {PreviewOptions} options
 * @returns {HTMLElement}
 */
export function previewPanel({ ask, onProblem, denial }) {
  const amount = el(
    "select",
    { id: "preview-records" },
    ...[5, 10, 25, 100].map((each) => el("option", { value: each }, each)),
  );
  amount.value = "10";
  const button = el(
    "button",
    { type: "button", class: "button", "aria-disabled": denial !== null && "true" },
    "Preview",
  );
  const status = el("p", { class: "muted", role: "status" });
  const results = el("div", { class: "previewed" });
  let asking = false;
  button.addEventListener("click", async () => {
    if (asking || denial !== null) return;
    asking = true;
    button.setAttribute("aria-busy", "true");
    status.textContent = "Reading the newest records…";
    try {
      const preview = await ask(Number(amount.value));
      results.replaceChildren(...preview.records.map(previewedRecord));
      status.textContent = summaryOf(preview);
    } catch (error) {
      results.replaceChildren();
      status.textContent = `No preview: ${wordsOf(error)}`;
      onProblem(error);
    } finally {
      asking = false;
      button.removeAttribute("aria-busy");
    }
  });
  return el(
    "div",
    { class: "preview" },
    el(
      "div",
      { class: "actions" },
      button,
      el("label", { for: amount.id }, "Records"),
      amount,
      denial === null ? null : el("p", { class: "denial" }, denial),
    ),
    status,
    results,
  );
}

/** @param {Preview} preview */
function summaryOf({ records, topic, filters }) {
  if (records.length === 0) return `There are no records in ${topic} yet.`;
  const how = (/** @type {string} */ outcome) => records.filter((record) => record.outcome === outcome).length;
  const parts = [
    [how("keep"), "unchanged"],
    [how("replace"), "changed"],
    [how("drop"), "dropped"],
    [how("fail"), "failed"],
  ];
  const outcomes = parts.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`])).join(", ");
  return `${counted(records.length, "record")} through ${counted(filters.length, "filter")}: ${outcomes}. Nothing was written.`;
}

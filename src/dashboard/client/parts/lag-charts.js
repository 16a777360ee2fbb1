/** Lag in records and in time, and flow, over the last minutes. */

import { el } from "../dom/el.js";
import { duration, rate, shortCount, UNKNOWN } from "../text/numbers.js";
import { lagChart } from "./lag-chart.js";

/** @typedef {import("../live/lag-history.js").LagHistory} LagHistory */
/** @typedef {import("./lag-chart.js").Line} Line */

/** @type {readonly (readonly [minutes: number, label: string])[]} */
const WINDOWS = [
  [2, "2 minutes"],
  [10, "10 minutes"],
  [30, "30 minutes"],
];

/**
 * @param {object} options
 * @param {LagHistory} options.history
 * @param {readonly Line[]} options.lines
 * @param {AbortSignal} options.signal
 * @param {string} [options.note]
 */
export function lagCharts({ history, lines, signal, note }) {
  const choice = el(
    "select",
    { id: "chart-window" },
    ...WINDOWS.map(([minutes, label]) => el("option", { value: minutes }, label)),
  );
  const windowMs = () => Number(choice.value) * 60_000;
  const shared = { history, lines, windowMs, signal };
  return el(
    "div",
    { class: "stack" },
    el(
      "p",
      { class: "actions" },
      el("label", { for: choice.id }, "Show the last"),
      choice,
      el("span", { class: "muted" }, `Since this page was opened.${note === undefined ? "" : ` ${note}`}`),
    ),
    el(
      "div",
      { class: "charts" },
      lagChart({ ...shared, title: "Lag in records", measure: "records", format: shortCount }),
      lagChart({ ...shared, title: "Lag in time", measure: "ms", format: duration }),
      lagChart({
        ...shared,
        title: "Records per second",
        measure: "rate",
        format: (value) => (value === null ? UNKNOWN : rate(value)),
        tick: shortCount,
      }),
    ),
  );
}

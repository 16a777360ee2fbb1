/** A live chart of what was seen in the last minutes. Where nothing was seen there is a gap. */

import { el, setAttribute, setText, svg } from "../dom/el.js";
import { UNKNOWN } from "../text/numbers.js";
import uPlot from "../vendor/uplot.js";

/** @typedef {import("../live/lag-history.js").LagHistory} LagHistory */
/** @typedef {import("../live/lag-history.js").Measure} Measure */

/**
 * @typedef {object} Line
 * @property {string} key as the history has it
 * @property {string} label
 *
 * @typedef {object} LagChartOptions
 * @property {string} title
 * @property {LagHistory} history
 * @property {Measure} measure
 * @property {readonly Line[]} lines at most 8
 * @property {(value: number | null) => string} format
 * @property {(value: number) => string} [tick] how the axis says it, if not in the same way
 * @property {() => number} windowMs how much is shown
 * @property {AbortSignal} signal
 */

export const MOST_LINES = 8;
const HEIGHT = 180;
const TICK_MS = 1_000;
const STALE_S = 5;

/** Besides by its colour, each line is told by its dashes. */
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 5], [2, 6], [12, 3, 2, 3, 2, 3]];

/**
 * @param {LagChartOptions} options
 * @returns {HTMLElement}
 */
export function lagChart({ title, history, measure, lines, format, tick = format, windowMs, signal }) {
  const canvas = el("div", { class: "chart-canvas", role: "img" });
  const legend = el("ul", { class: "legend" });
  const figure = el("figure", { class: "chart" }, el("figcaption", {}, title), canvas, legend);
  const shown = lines.map(() => true);
  const entries = lines.map(({ label }, index) => {
    const value = el("span", { class: "legend-value" });
    const button = el(
      "button",
      { type: "button", class: "legend-entry", "aria-pressed": "true", "data-line": index + 1 },
      swatch(index),
      el("span", {}, label),
      value,
    );
    button.addEventListener("click", () => {
      shown[index] = !shown[index];
      setAttribute(button, "aria-pressed", String(shown[index]));
      plot?.setSeries(index + 1, { show: shown[index] === true });
    });
    legend.append(el("li", {}, button));
    return value;
  });
  const keys = lines.map(({ key }) => key);
  /** @type {uPlot | null} */
  let plot = null;

  const draw = () => {
    const data = history.data(keys, measure);
    const now = Date.now() / 1_000;
    plot?.batch(() => {
      plot?.setData(/** @type {uPlot.AlignedData} */ (data), false);
      plot?.setScale("x", { min: now - windowMs() / 1_000, max: now });
    });
    // What was seen last is no longer how it is.
    const isFresh = (data[0].at(-1) ?? 0) > now - STALE_S;
    const last = data.slice(1).map((column) => format((isFresh ? column.at(-1) : null) ?? null));
    entries.forEach((entry, index) => {
      setText(entry, last[index] ?? UNKNOWN);
    });
    const words = lines.map(({ label }, index) => `${label} ${last[index]}`).join(", ");
    setAttribute(canvas, "aria-label", `${title}, now: ${words}`);
  };
  const build = () => {
    plot?.destroy();
    plot = new uPlot(optionsFor(canvas, lines, shown, tick), [[]], canvas);
    draw();
  };
  const resized = new ResizeObserver(() => {
    if (canvas.clientWidth === 0) return;
    if (plot === null) build();
    else plot.setSize({ width: canvas.clientWidth, height: HEIGHT });
  });
  resized.observe(canvas);
  const timer = setInterval(draw, TICK_MS);
  // A canvas does not follow style sheets.
  document.addEventListener("themechange", build, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    resized.disconnect();
    plot?.destroy();
  });
  return figure;
}

/**
 * @param {HTMLElement} canvas
 * @param {readonly Line[]} lines
 * @param {readonly boolean[]} shown
 * @param {(value: number) => string} tick
 * @returns {uPlot.Options}
 */
function optionsFor(canvas, lines, shown, tick) {
  const colour = (/** @type {string} */ name) => colourOf(canvas, name);
  const axis = {
    stroke: colour("--text-muted"),
    font: `12px ${getComputedStyle(canvas).fontFamily}`,
    grid: { stroke: colour("--line-soft"), width: 1 },
    ticks: { stroke: colour("--line-soft"), width: 1, size: 4 },
  };
  return {
    width: canvas.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { time: true },
      // From 0, and never so close that a single record looks like a mountain.
      y: { range: (_, __, highest) => [0, Math.max((highest ?? 0) * 1.15, 5)] },
    },
    axes: [
      { ...axis, space: 80, size: 30, values: (_, splits) => splits.map(timeOfDay) },
      { ...axis, size: 64, values: (_, splits) => splits.map(tick) },
    ],
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label,
        show: shown[index] === true,
        stroke: colour(`--chart-${index + 1}`),
        width: 1.75,
        dash: DASHES[index] ?? [],
        points: { show: false },
      })),
    ],
  };
}

/** @param {number} index */
function swatch(index) {
  return svg(
    "svg",
    { class: `swatch swatch-${index + 1}`, viewBox: "0 0 28 8", "aria-hidden": "true" },
    svg("line", { x1: 1, y1: 4, x2: 27, y2: 4, "stroke-dasharray": (DASHES[index] ?? []).join(" ") }),
  );
}

/**
 * The value of one of our colours as it is now, light or dark.
 *
 * @param {HTMLElement} place
 * @param {string} name
 */
function colourOf(place, name) {
  const probe = el("span", {});
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** @param {number} seconds since the epoch */
function timeOfDay(seconds) {
  return new Date(seconds * 1_000).toLocaleTimeString("en-GB");
}

/** Numbers as people read them. What is not known is said so, and never shown as 0. */

const WHOLE_NUMBER = new Intl.NumberFormat("en");
const ONE_DECIMAL = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const UNKNOWN = "unknown";

/** @param {number | null | undefined} value */
export function count(value) {
  return value === null || value === undefined ? UNKNOWN : WHOLE_NUMBER.format(value);
}

/**
 * With few digits: 1.2M.
 *
 * @param {number | null | undefined} value
 */
export function shortCount(value) {
  if (value === null || value === undefined) return UNKNOWN;
  return Math.abs(value) < 10_000 ? WHOLE_NUMBER.format(Math.round(value)) : SHORT.format(value);
}

/** @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${ONE_DECIMAL.format(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return withRest(minutes, "min", Math.floor(seconds % 60), "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return withRest(hours, "h", minutes % 60, "min");
  return withRest(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** @param {number} perSecond */
export function rate(perSecond) {
  return `${perSecond < 100 ? ONE_DECIMAL.format(perSecond) : shortCount(perSecond)} rec/s`;
}

/** @param {number} perSecond */
export function byteRate(perSecond) {
  for (const [unit, size] of /** @type {const} */ ([
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ])) {
    if (perSecond >= size) return `${ONE_DECIMAL.format(perSecond / size)} ${unit}/s`;
  }
  return `${Math.round(perSecond)} B/s`;
}

/**
 * Three mappings, one mapping.
 *
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function counted(number, one, many = `${one}s`) {
  return `${WHOLE_NUMBER.format(number)} ${number === 1 ? one : many}`;
}

/** @param {string | number} at */
export function moment(at) {
  return new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/**
 * @param {number} large
 * @param {string} largeUnit
 * @param {number} rest
 * @param {string} unit
 */
function withRest(large, largeUnit, rest, unit) {
  return rest === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${rest} ${unit}`;
}

/** Puts labels on arrows, or near them, where they hide the least. */

import { pointAt } from "./edges.js";

/** @typedef {import("./edges.js").Box} Box */
/** @typedef {import("./edges.js").Curve} Curve */

/** Places on a curve, the best first. */
const PLACES = [0.5, 0.4, 0.6, 0.32, 0.68, 0.24, 0.76, 0.16, 0.84];

/** How far from its curve a label may go, in heights of a label: on it is best. */
const SHIFTS = [0, -0.6, 0.6, -1.2, 1.2];

/** So much room is left between labels. */
const SPACE = 4;

/**
 * @typedef {object} Size
 * @property {string} name
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Placed
 * @property {Box} box
 * @property {Size} size
 */

/**
 * A place for each curve's label, in the first of the sizes that hides neither a box nor another label, or else in the
 * last where it hides the least.
 *
 * @param {readonly Curve[]} curves
 * @param {readonly Box[]} boxes
 * @param {readonly Size[]} sizes the largest first
 * @param {number} width of the map, beyond which no label goes
 * @returns {Placed[]} in the order of the curves
 */
export function placeLabels(curves, boxes, sizes, width) {
  /** @type {Placed[]} */
  const places = [];
  const taken = [...boxes];
  // Short curves first: long ones have more places to choose from.
  for (const [index, curve] of [...curves.entries()].sort(([, a], [, b]) => span(a) - span(b))) {
    const tried = sizes.map((size) => ({ size, ...bestPlace(curve, taken, size, width) }));
    const chosen = tried.find(({ hides }) => hides === 0) ?? tried.at(-1);
    if (chosen === undefined) continue;
    places[index] = chosen;
    taken.push(chosen.box);
  }
  return places;
}

/**
 * @param {Curve} curve
 * @param {readonly Box[]} taken
 * @param {Size} size
 * @param {number} width
 */
function bestPlace(curve, taken, size, width) {
  let best = { box: labelAt(curve, 0.5, 0, size, width), hides: Number.POSITIVE_INFINITY };
  for (const shift of SHIFTS) {
    for (const t of PLACES) {
      const box = labelAt(curve, t, shift * size.height, size, width);
      const hides = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (hides < best.hides) best = { box, hides };
      if (hides === 0) return best;
    }
  }
  return best;
}

/** @param {Curve} curve */
function span([start, , , end]) {
  return Math.hypot(end.x - start.x, end.y - start.y);
}

/**
 * @param {Curve} curve
 * @param {number} t
 * @param {number} shift down from the curve
 * @param {Size} size
 * @param {number} mapWidth
 * @returns {Box}
 */
function labelAt(curve, t, shift, { width, height }, mapWidth) {
  const { x, y } = pointAt(curve, t);
  const left = Math.max(0, Math.min(x - width / 2, mapWidth - width));
  return { x: left, y: y + shift - height / 2, width, height };
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  const x = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + SPACE;
  const y = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + SPACE;
  return x > 0 && y > 0 ? x * y : 0;
}

/** Links between the same two clusters, taken together: one arrow on the map. */

import { worst } from "../text/states.js";

/** @typedef {import("../types.d.ts").LinkLag} LinkLag */
/** @typedef {import("../types.d.ts").LinkView} LinkView */

/**
 * @typedef {object} Pair
 * @property {string} key
 * @property {string} source
 * @property {string} destination
 * @property {LinkView[]} links at least one
 *
 * @typedef {object} Flow how a pair is doing
 * @property {string} state the worst of its links
 * @property {number} recordsPerSecond
 * @property {number | null} lagRecords
 * @property {number | null} lagMs
 */

/**
 * @param {Iterable<LinkView>} links
 * @returns {Pair[]} in the order of their names
 */
export function pairsOf(links) {
  /** @type {Map<string, Pair>} */
  const pairs = new Map();
  for (const link of links) {
    const key = `${link.source}→${link.destination}`;
    const pair = pairs.get(key) ?? { key, source: link.source, destination: link.destination, links: [] };
    pair.links.push(link);
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * The sum over links: records add up, of ages the highest counts, and as soon as one is unknown so is the sum.
 *
 * @param {readonly LinkView[]} links
 * @param {ReadonlyMap<string, LinkLag>} lags
 * @returns {Flow}
 */
export function flowOf(links, lags) {
  let recordsPerSecond = 0;
  /** @type {number | null} */
  let lagRecords = 0;
  /** @type {number | null} */
  let lagMs = 0;
  for (const { name } of links) {
    const lag = lags.get(name);
    for (const partition of lag?.partitions ?? []) recordsPerSecond += partition.recordsPerSecond;
    const { lagRecords: records = null, lagMs: ms = null } = lag?.total ?? {};
    lagRecords = lagRecords === null || records === null ? null : lagRecords + records;
    lagMs = lagMs === null || ms === null ? null : Math.max(lagMs, ms);
  }
  return { state: worst(links.map(({ state }) => state)) ?? "unknown", recordsPerSecond, lagRecords, lagMs };
}

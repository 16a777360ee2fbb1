/** The lag of one mapping of a link. */

import { worst } from "../text/states.js";

/** @typedef {import("../types.d.ts").LinkLag} LinkLag */
/** @typedef {import("../types.d.ts").PartitionLag} PartitionLag */

/**
 * @typedef {object} MappingLag
 * @property {readonly PartitionLag[]} partitions
 * @property {string} state the worst of its partitions; `unknown` while none is known
 * @property {string | null} reason of the partition in that state
 * @property {number} recordsPerSecond
 * @property {number | null} lagRecords null as soon as that of one partition is unknown
 * @property {number | null} lagMs
 */

/**
 * @param {LinkLag | undefined} lag
 * @param {string} mapping
 * @returns {MappingLag}
 */
export function mappingLag(lag, mapping) {
  const partitions = lag?.partitions.filter((each) => each.mapping === mapping) ?? [];
  const state = worst(partitions.map((each) => each.state)) ?? "unknown";
  const reason = partitions.find((each) => each.state === state && each.reason !== null)?.reason ?? null;
  const known = (/** @type {readonly (number | null)[]} */ values) =>
    values.length === 0 || values.includes(null) ? null : values.map(Number);
  const records = known(partitions.map(({ lagRecords }) => lagRecords));
  const ages = known(partitions.map(({ lagMs }) => lagMs));
  return {
    partitions,
    state,
    reason,
    recordsPerSecond: partitions.reduce((sum, each) => sum + each.recordsPerSecond, 0),
    lagRecords: records === null ? null : records.reduce((sum, each) => sum + each, 0),
    lagMs: ages === null ? null : Math.max(...ages),
  };
}

/** Partitions with their state, offsets and lag. */

import { el, setText } from "../dom/el.js";
import { byteRate, count, duration, rate } from "../text/numbers.js";
import { partitionState, severity } from "../text/states.js";
import { dataTable } from "./data-table.js";
import { stateBadge } from "./state-badge.js";

/** @typedef {import("../types.d.ts").PartitionLag} PartitionLag */

export function partitionsTable() {
  const { node, update } = dataTable({
    caption: "Partitions",
    empty: "No partitions are known yet.",
    keyOf: ({ partition }) => String(partition),
    columns: [
      { label: "Partition", heading: true, text: (/** @type {PartitionLag} */ { partition }) => String(partition) },
      { label: "State", cell: stateCell },
      { label: "Lag in records", numeric: true, text: ({ lagRecords }) => count(lagRecords) },
      { label: "Lag in time", numeric: true, text: ({ lagMs }) => duration(lagMs) },
      { label: "Flow", numeric: true, text: ({ recordsPerSecond }) => rate(recordsPerSecond) },
      { label: "Bytes", numeric: true, text: ({ bytesPerSecond }) => byteRate(bytesPerSecond) },
      { label: "Next offset", numeric: true, text: ({ nextOffset }) => count(nextOffset) },
      { label: "Source begins", numeric: true, text: ({ sourceStartOffset }) => count(sourceStartOffset) },
      { label: "Source ends", numeric: true, text: ({ sourceEndOffset }) => count(sourceEndOffset) },
    ],
  });
  return {
    node,
    /** The worst first, else in order. */
    update: (/** @type {readonly PartitionLag[]} */ partitions) =>
      update([...partitions].sort((a, b) => severity(a.state) - severity(b.state) || a.partition - b.partition)),
  };
}

function stateCell() {
  const badge = stateBadge();
  const why = el("p", { class: "reason" });
  return {
    node: el("div", {}, badge.node, why),
    update: (/** @type {PartitionLag} */ { state, reason }) => {
      badge.update(state);
      const { remedy } = partitionState(state);
      const words = [reason, reason === null || remedy === null ? null : remedy].filter((each) => each !== null);
      setText(why, words.join(" — "));
      why.hidden = words.length === 0;
    },
  };
}

/** How far a copy is. */

import type { PartitionLag } from "../../control/lag.ts";
import { percent } from "../quantity.ts";

/** How much of what the source holds is at the destination; null where that is not known of all partitions. */
export function copiedShare(partitions: readonly PartitionLag[]): string | null {
  const held = sum(
    partitions.map(({ sourceStartOffset, sourceEndOffset }) =>
      sourceStartOffset === null || sourceEndOffset === null ? null : sourceEndOffset - sourceStartOffset,
    ),
  );
  const behind = sum(partitions.map(({ lagRecords }) => lagRecords));
  if (held === null || behind === null || partitions.length === 0) return null;
  return percent(Math.max(0, held - behind), held);
}

/** Null as soon as one is. */
export function sum(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((all, each) => (all === null || each === null ? null : all + each), 0);
}

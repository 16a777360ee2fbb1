/** Finds what a runner reports of a partition, of which a status may hold thousands. */

import type { PartitionStatus, RunnerStatus } from "../model/status.ts";

type ByMapping = ReadonlyMap<string, ReadonlyMap<number, PartitionStatus>>;

/** A cache and nothing else: a status never changes. */
const sorted = new WeakMap<RunnerStatus, ByMapping>();

/** The partitions of a mapping, by number; none where the status, or the mapping in it, is missing. */
export function reportedPartitions(status: RunnerStatus | null, mapping: string): ReadonlyMap<number, PartitionStatus> {
  if (status === null) return NONE;
  let byMapping = sorted.get(status);
  if (byMapping === undefined) {
    byMapping = sort(status);
    sorted.set(status, byMapping);
  }
  return byMapping.get(mapping) ?? NONE;
}

/** One partition; undefined where nothing is reported of it. */
export function reportedPartition(
  status: RunnerStatus | null,
  mapping: string,
  partition: number,
): PartitionStatus | undefined {
  return reportedPartitions(status, mapping).get(partition);
}

const NONE: ReadonlyMap<number, PartitionStatus> = new Map();

function sort({ partitions }: RunnerStatus): ByMapping {
  const byMapping = new Map<string, Map<number, PartitionStatus>>();
  for (const each of partitions) {
    const ofMapping = byMapping.get(each.mapping) ?? new Map<number, PartitionStatus>();
    byMapping.set(each.mapping, ofMapping);
    ofMapping.set(each.partition, each);
  }
  return byMapping;
}

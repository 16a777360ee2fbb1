/** Lets the start of a mirror's log follow the start of its source's. */

import type { ClusterClient } from "../wire/cluster-client.ts";
import { isRefusal } from "./refusal.ts";

export interface TrimResult {
  /** By partition, where the log of the mirror starts now; only those that were moved. */
  readonly moved: ReadonlyMap<number, number>;
  /** Why partitions could not follow, with the remedy; copying goes on. `null` where all did. */
  readonly problem: string | null;
}

/** What brokers answer for a topic whose cleanup policy does not have `delete`. */
const POLICY_VIOLATION = 44;

/**
 * Deletes at the mirror what is before the source's log start, by partition, and nothing that is not mirrored yet. A log
 * that is compacted only has no start to follow: its brokers refuse, which is a `problem`, as a missing right is.
 */
export async function followLogStart(
  destination: ClusterClient,
  topic: string,
  sourceStarts: ReadonlyMap<number, number>,
): Promise<TrimResult> {
  const starts = await destination.logStartOffsets(topic, [...sourceStarts.keys()]);
  const behind = [...starts].filter(([partition, start]) => start < (sourceStarts.get(partition) ?? 0));
  if (behind.length === 0) return { moved: new Map(), problem: null };
  const partitions = behind.map(([partition]) => partition);
  const ends = await destination.logEndOffsets(topic, partitions);
  const moved = new Map<number, number>();
  const problems = new Set<string>();
  const work = behind.map(async ([partition, start]) => {
    const before = Math.min(sourceStarts.get(partition) ?? start, ends.get(partition) ?? start);
    if (before <= start) return;
    try {
      moved.set(partition, await destination.deleteRecords(topic, partition, before));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      problems.add(whyNot(topic, error.facts.kafkaCode, error.message));
    }
  });
  await Promise.all(work);
  return { moved, problem: [...problems].join("; ") || null };
}

function whyNot(topic: string, kafkaCode: number | undefined, words: string): string {
  return kafkaCode === POLICY_VIOLATION
    ? `topic ${topic} is compacted only, so its log start cannot follow the source's; turn trim off for it`
    : `${words}; grant DELETE on topic ${topic} at the destination`;
}

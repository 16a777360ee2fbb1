/** Where in the source a partition goes on, and whether what lies between is still there. */

import { setTimeout as delay } from "node:timers/promises";
import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { ClusterClient, PartitionOffsets } from "../wire/cluster-client.ts";

/** A leader that has just taken over may not know yet how far the log is, so a source that is too short is asked again. */
const TIMES_ASKED = 3;
const PAUSE_MS = 1000;

export interface Position {
  readonly offset: number;
  /** Records that expired at the source before they were copied and are passed over (`onExpired: continue`). */
  readonly expired: number;
}

/**
 * The offset to go on at: the committed one or, where nothing was copied yet, what the mapping's `start` says. Rejects
 * with `records-expired` and `source-truncated` where going on would hide a loss.
 */
export async function resolvePosition(
  source: ClusterClient,
  mapping: Mapping,
  partition: number,
  committed: number | null,
): Promise<Position> {
  if (committed === null) return { offset: await startOfPartition(source, mapping, partition), expired: 0 };
  const topic = mapping.source;
  let offsets = await offsetsOf(source, topic, partition);
  for (let asked = 1; committed > offsets.end && asked < TIMES_ASKED; asked++) {
    await delay(PAUSE_MS);
    offsets = await offsetsOf(source, topic, partition);
  }
  const where = { topic, partition, offset: committed };
  if (committed > offsets.end) {
    throw new StraitError(
      "source-truncated",
      `${topic}/${partition} ends at offset ${offsets.end} but ${committed} offsets were copied: the topic was truncated or created anew. To copy it from its start, ${copyAnew(mapping)}`,
      where,
    );
  }
  if (committed >= offsets.start) return { offset: committed, expired: 0 };
  const expired = offsets.start - committed;
  if (mapping.onExpired === "continue") return { offset: offsets.start, expired };
  throw new StraitError(
    "records-expired",
    `${topic}/${partition} begins at offset ${offsets.start} but ${committed} is next: ${expired} offsets expired before they were copied. To go on without them, set onExpired to "continue"; to keep it from happening again, lengthen the topic's retention`,
    where,
  );
}

/** What an operator does to copy a topic again from its start. */
export function copyAnew({ mode, destination }: Mapping): string {
  return mode === "mirror"
    ? `pause the mapping, delete topic ${destination} at the destination and resume`
    : "map it to another destination topic, or delete the offsets of the link's group at the destination and resume";
}

/** Where a mapping begins that has copied nothing of a partition yet: what its `start` says. */
export async function startOfPartition(
  source: ClusterClient,
  { start, source: topic }: Pick<Mapping, "start" | "source">,
  partition: number,
): Promise<number> {
  const offsets = await offsetsOf(source, topic, partition);
  if (start === "earliest") return offsets.start;
  if (start === "latest") return offsets.end;
  const found = await source.offsetAtTime(topic, [partition], Date.parse(start.timestamp));
  return found.get(partition) ?? offsets.end;
}

async function offsetsOf(source: ClusterClient, topic: string, partition: number): Promise<PartitionOffsets> {
  const offsets = (await source.partitionOffsets(new Map([[topic, [partition]]]))).get(topic)?.get(partition);
  if (offsets !== undefined) return offsets;
  throw new StraitError("unknown-topic", `the source has no partition ${topic}/${partition} (yet)`, {
    topic,
    partition,
    retriable: true,
  });
}

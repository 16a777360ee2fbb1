/** Where in the source a partition goes on, and whether what lies between is still there. */

import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";

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
  const topic = mapping.source;
  const offsets = (await source.partitionOffsets(new Map([[topic, [partition]]]))).get(topic)?.get(partition);
  if (offsets === undefined) {
    throw new StraitError("unknown-topic", `the source has no partition ${topic}/${partition} (yet)`, {
      topic,
      partition,
      retriable: true,
    });
  }
  if (committed === null) return { offset: await startOffset(source, mapping, partition, offsets), expired: 0 };
  const where = { topic, partition, offset: committed };
  if (committed > offsets.end) {
    throw new StraitError(
      "source-truncated",
      `${topic}/${partition} ends at offset ${offsets.end} but ${committed} offsets were copied: the topic was truncated or created anew. To copy it from its start, map it to another destination topic, or delete the offsets of the link's group at the destination and resume`,
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

async function startOffset(
  source: ClusterClient,
  { start, source: topic }: Mapping,
  partition: number,
  offsets: { start: number; end: number },
): Promise<number> {
  if (start === "earliest") return offsets.start;
  if (start === "latest") return offsets.end;
  const found = await source.offsetAtTime(topic, [partition], Date.parse(start.timestamp));
  return found.get(partition) ?? offsets.end;
}

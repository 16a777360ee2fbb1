/** How old the first record of a partition is that a committed reader would get from an offset on. */

import type { BrokerConnections } from "./broker-connections.ts";
import { byLeader } from "./cluster-metadata.ts";
import { committedBatches } from "./committed-batches.ts";
import { rawRecords } from "./decode-records.ts";
import { type FetchedPartition, fetchPartitions } from "./fetch.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { LOG_START, listOffsets } from "./list-offsets.ts";

/** Enough for a few batches of usual size; a single larger one comes whole all the same. */
const MAX_BYTES = 64 << 10;
/** A stretch of aborted data this long (64 fetches) is not worth reading only to learn an age. */
const MAX_FETCHES = 64;

/**
 * The timestamp of the first record at or after an offset and below the last stable offset, milliseconds since the
 * epoch; -1 where the record has none, `null` where there is no such record or topic. Rejects with what the broker says,
 * and for messages of a format from before Kafka 0.11.
 */
export async function timestampAt(
  connections: BrokerConnections,
  topic: string,
  partition: number,
  offset: number,
): Promise<number | null> {
  const wanted = new Map([[topic, [partition]]]);
  const [share] = await byLeader(connections, wanted);
  if (share === undefined) return null;
  let next = offset;
  for (let fetches = 0; fetches < MAX_FETCHES; fetches++) {
    const request = { topic, partition, offset: next, maxBytes: MAX_BYTES };
    const [fetched] = (await fetchPartitions(share.leader, [request], { maxBytes: MAX_BYTES })).partitions;
    if (fetched === undefined) return null;
    if (fetched.errorCode === KAFKA_CODES.offsetOutOfRange) {
      const [starts] = await listOffsets(connections, wanted, [LOG_START]);
      const start = starts?.get(topic)?.get(partition) ?? next;
      if (start <= next) return null; // behind the end
      next = start; // what was there has expired
      continue;
    }
    if (fetched.errorCode !== KAFKA_CODES.none) {
      const facts = { topic, partition, offset: next };
      throw kafkaError(fetched.errorCode, `cannot read ${topic}/${partition} at offset ${next}`, facts);
    }
    const found = firstCommitted(fetched, next);
    if (found.timestamp !== null || found.next === next) return found.timestamp;
    next = found.next;
  }
  return null;
}

/** The timestamp looked for, or `null` and the offset behind everything that was fetched. */
function firstCommitted(fetched: FetchedPartition, offset: number): { timestamp: number | null; next: number } {
  let next = offset;
  for (const { batch, nextOffset } of committedBatches(fetched)) {
    const record = batch === null ? undefined : rawRecords(batch).find((candidate) => candidate.offset >= offset);
    if (record !== undefined) return { timestamp: record.timestamp, next: record.offset };
    next = nextOffset;
  }
  return { timestamp: null, next };
}

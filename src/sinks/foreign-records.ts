/** Finds records in a mirror that no runner of the link has written. */

import type { BrokerConnection } from "../wire/broker-connection.ts";
import { fetchPartitions } from "../wire/fetch.ts";
import { KAFKA_CODES, kafkaError } from "../wire/kafka-error.ts";
import { splitBatches } from "../wire/split-batches.ts";
import type { MirrorIdentity } from "./mirror-identity.ts";

export interface MirrorStretch {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly identity: MirrorIdentity;
}

const FETCH_BYTES = 4 << 20;

/** The offset of the first batch of another producer, or null. Markers are nobody's: holes are filled with them. */
export async function firstForeign(leader: BrokerConnection, stretch: MirrorStretch): Promise<number | null> {
  const { topic, partition, to, identity } = stretch;
  for (let offset = stretch.from; offset < to; ) {
    const request = { topic, partition, offset, maxBytes: FETCH_BYTES };
    const [fetched] = (await fetchPartitions(leader, [request], { isolation: "read_uncommitted" })).partitions;
    const errorCode = fetched?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
    if (fetched === undefined || errorCode !== KAFKA_CODES.none) {
      throw kafkaError(errorCode, `cannot look at the mirror ${topic}/${partition}`, { topic, partition, offset });
    }
    let next = offset;
    for (const batch of splitBatches(fetched.records)) {
      if (batch.magic !== 2) return batch.offset;
      if (!batch.control && batch.producerId !== identity.data) return batch.baseOffset;
      next = batch.lastOffset + 1;
    }
    if (next === offset) return null; // nothing more is there: what compaction left ends here
    offset = next;
  }
  return null;
}

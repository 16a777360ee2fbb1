/** Fetch requests that leave batches as the bytes they are. */

import { createAPI, fetchV11, type Reader } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";

export interface FetchRequest {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The first batch comes whole however large it is. */
  readonly maxBytes: number;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface FetchedPartition {
  readonly errorCode: number;
  /** Offsets are -1 where there is an error. */
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** In order of their first offsets. */
  readonly aborted: readonly AbortedTransaction[];
  /** Batches one after the other; the last may be cut off. */
  readonly records: Buffer;
}

const READ_COMMITTED = 1;
/** A fetch outside of any fetch session (KIP-227). */
const NO_SESSION = [0, -1] as const;
const ANY_LEADER_EPOCH = -1;

/** Fetch version 11 of one partition below its last stable offset, answered at once also if there is nothing. */
export const fetchPartition = createAPI<[request: FetchRequest], FetchedPartition>(
  1,
  11,
  ({ topic, partition, offset, maxBytes }: FetchRequest) => {
    const wanted = {
      partition,
      currentLeaderEpoch: ANY_LEADER_EPOCH,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
    };
    const topics = [{ topicId: topic, partitions: [{ ...wanted, partitionMaxBytes: maxBytes }] }];
    return fetchV11.createRequest(0, 0, maxBytes, READ_COMMITTED, ...NO_SESSION, topics, [], "");
  },
  (_correlationId, _apiKey, _apiVersion, reader) => {
    reader.skip(4); // throttle time
    const errorCode = reader.readInt16();
    reader.skip(4); // session
    const [partition] = reader.readArray(readTopic, false, false).flat();
    return partition ?? { errorCode, lastStableOffset: -1, logStartOffset: -1, aborted: [], records: Buffer.alloc(0) };
  },
  false,
  false,
);

function readTopic(reader: Reader): FetchedPartition[] {
  reader.readString(false);
  return reader.readArray(readPartition, false, false);
}

function readPartition(reader: Reader): FetchedPartition {
  reader.skip(4); // partition
  const errorCode = reader.readInt16();
  reader.skip(8); // high watermark
  const lastStableOffset = offsetFromBigInt(reader.readInt64());
  const logStartOffset = offsetFromBigInt(reader.readInt64());
  const aborted = reader.readNullableArray(readAborted, false, false) ?? [];
  reader.skip(4); // preferred replica
  const records = reader.readNullableBytes(false) ?? Buffer.alloc(0);
  return { errorCode, lastStableOffset, logStartOffset, aborted: aborted.toSorted(byFirstOffset), records };
}

function readAborted(reader: Reader): AbortedTransaction {
  return { producerId: reader.readInt64(), firstOffset: offsetFromBigInt(reader.readInt64()) };
}

function byFirstOffset(a: AbortedTransaction, b: AbortedTransaction): number {
  return a.firstOffset - b.firstOffset;
}

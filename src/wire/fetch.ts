/** Fetch requests that leave batches as the bytes they are. */

import { createAPI, fetchV11 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { ByteReader } from "./byte-reader.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { remaining } from "./remaining.ts";

export interface PartitionToFetch {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The first batch comes whole however large it is. */
  readonly maxBytes: number;
  /** What metadata said; makes a broker that knows a newer one refuse (KIP-320). Default -1: any. */
  readonly currentLeaderEpoch?: number;
}

export interface FetchOptions {
  /** Default `read_committed`: nothing from the last stable offset on, and with what was aborted listed. */
  readonly isolation?: "read_committed" | "read_uncommitted";
  /** How long the broker waits for `minBytes`, milliseconds; less than the connection waits for answers. Default 0. */
  readonly maxWaitMs?: number;
  /** Default 1. */
  readonly minBytes?: number;
  /** For all partitions together; the first batch of the first with records comes whole all the same. Default 50 MiB. */
  readonly maxBytes?: number;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offsets are -1 where there is an error. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** In order of their first offsets. */
  readonly aborted: readonly AbortedTransaction[];
  /** Batches one after the other; the last may be cut off. A view of the whole answer, of which nobody else knows. */
  readonly records: Buffer;
}

export interface FetchAnswer {
  /** How long the broker holds its answers back because of a quota, milliseconds. */
  readonly throttleMs: number;
  readonly errorCode: number;
  /** In no particular order. */
  readonly partitions: readonly FetchedPartition[];
}

const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** A fetch outside of any fetch session (KIP-227). */
const NO_SESSION = [0, -1] as const;
const ANY_LEADER_EPOCH = -1;
/** The least that an element of each list in an answer takes. */
const TOPIC_BYTES = 2 + 4;
const PARTITION_BYTES = 4 + 2 + 8 + 8 + 8 + 4 + 4 + 4;
const ABORTED_BYTES = 8 + 8;

/**
 * Fetches partitions that one broker leads, in one request. What went wrong with a single partition is in its `errorCode`;
 * rejects where it went wrong with all.
 */
export async function fetchPartitions(
  leader: BrokerConnection,
  partitions: readonly PartitionToFetch[],
  options: FetchOptions = {},
): Promise<FetchAnswer> {
  const answer = await leader.request(fetchApi, partitions, options);
  if (answer.errorCode !== KAFKA_CODES.none) throw kafkaError(answer.errorCode, `cannot fetch from ${leader.address}`);
  return answer;
}

/** Reads a Fetch answer of version 11. Throws `kafka` for bytes that are none. */
export function decodeFetchAnswer(bytes: Buffer): FetchAnswer {
  const reader = new ByteReader(bytes, "a Fetch answer");
  const throttleMs = reader.int32();
  const errorCode = reader.int16();
  reader.skip(4); // session
  return { throttleMs, errorCode, partitions: reader.list(TOPIC_BYTES, topicPartitions).flat() };
}

const fetchApi = createAPI<[partitions: readonly PartitionToFetch[], options: FetchOptions], FetchAnswer>(
  1,
  11,
  (wanted: readonly PartitionToFetch[], options: FetchOptions) => {
    const { isolation = "read_committed", maxWaitMs = 0, minBytes = 1, maxBytes = 50 << 20 } = options;
    const level = isolation === "read_committed" ? READ_COMMITTED : READ_UNCOMMITTED;
    const topics = [...Map.groupBy(wanted, ({ topic }) => topic)].map(([topicId, partitions]) => ({
      topicId,
      partitions: partitions.map(({ partition, offset, maxBytes, currentLeaderEpoch = ANY_LEADER_EPOCH }) => ({
        partition,
        currentLeaderEpoch,
        fetchOffset: BigInt(offset),
        lastFetchedEpoch: -1,
        partitionMaxBytes: maxBytes,
      })),
    }));
    return fetchV11.createRequest(maxWaitMs, minBytes, maxBytes, level, ...NO_SESSION, topics, [], "");
  },
  (_correlationId, _apiKey, _apiVersion, reader) => decodeFetchAnswer(remaining(reader)),
  false,
  false,
);

function topicPartitions(reader: ByteReader): FetchedPartition[] {
  const topic = reader.text() ?? "";
  return reader.list(PARTITION_BYTES, () => fetchedPartition(reader, topic));
}

function fetchedPartition(reader: ByteReader, topic: string): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = offsetFromBigInt(reader.int64());
  const lastStableOffset = offsetFromBigInt(reader.int64());
  const logStartOffset = offsetFromBigInt(reader.int64());
  const aborted = reader.list(ABORTED_BYTES, abortedTransaction).sort((a, b) => a.firstOffset - b.firstOffset);
  reader.skip(4); // preferred replica
  const records = reader.content() ?? Buffer.alloc(0);
  return { topic, partition, errorCode, highWatermark, lastStableOffset, logStartOffset, aborted, records };
}

function abortedTransaction(reader: ByteReader): AbortedTransaction {
  return { producerId: reader.int64(), firstOffset: offsetFromBigInt(reader.int64()) };
}

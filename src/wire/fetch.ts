/** Fetch requests that leave batches as the bytes they are. */

import { fetchV11, fetchV13 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Exchange } from "./exchange.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface PartitionToFetch {
  readonly topic: string;
  /** With it, a topic made anew under the same name is not read by mistake (KIP-516), where the broker knows ids. */
  readonly topicId?: string | null;
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
  /** Gives memory for the answer, see {@link Exchange.exchange}. */
  readonly take?: (length: number) => Buffer;
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

const BY_NAME = { key: 1, version: 11, flexible: false } as const;
/** Names topics by their ids (KIP-516). */
const BY_ID = { key: 1, version: 13, flexible: true } as const;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** A fetch outside of any fetch session (KIP-227). */
const NO_SESSION = [0, -1] as const;
const ANY_LEADER_EPOCH = -1;
/** The least that an element of each list in an answer of version 11 takes. */
const TOPIC_BYTES = 2 + 4;
const PARTITION_BYTES = 4 + 2 + 8 + 8 + 8 + 4 + 4 + 4;
const ABORTED_BYTES = 8 + 8;
const WHAT = "a Fetch answer";

/**
 * Fetches partitions that one broker leads, in one request. What went wrong with a single partition is in its `errorCode`;
 * rejects where it went wrong with all.
 */
export async function fetchPartitions(
  leader: Exchange,
  partitions: readonly PartitionToFetch[],
  options: FetchOptions = {},
): Promise<FetchAnswer> {
  const byId = leader.offers(BY_ID) && partitions.every(({ topicId }) => typeof topicId === "string");
  const answer = byId
    ? await fetchById(leader, partitions, options)
    : decodeFetchAnswer(await leader.exchange(BY_NAME, [requestByName(partitions, options)], options.take));
  if (answer.errorCode !== KAFKA_CODES.none) throw kafkaError(answer.errorCode, `cannot fetch from ${leader.address}`);
  return answer;
}

/** Reads a Fetch answer of version 11. Throws `kafka` for bytes that are none. */
export function decodeFetchAnswer(bytes: Buffer): FetchAnswer {
  const reader = new ByteReader(bytes, WHAT);
  const answer = answerStart(reader);
  const partitions = reader.list(TOPIC_BYTES, () => {
    const topic = reader.text() ?? "";
    return reader.list(PARTITION_BYTES, () => {
      const partition = partitionStart(reader, topic);
      const aborted = reader.list(ABORTED_BYTES, abortedTransaction).sort(byFirstOffset);
      reader.skip(4); // preferred replica
      return { ...partition, aborted, records: reader.content() ?? Buffer.alloc(0) };
    });
  });
  return { ...answer, partitions: partitions.flat() };
}

/** Reads a Fetch answer of version 13, which names topics by their ids. Throws `kafka` for bytes that are none. */
export function decodeFetchAnswerById(bytes: Buffer, topics: ReadonlyMap<string, string>): FetchAnswer {
  const reader = new ByteReader(bytes, WHAT);
  const answer = answerStart(reader);
  const partitions: FetchedPartition[] = [];
  reader.compactList(() => {
    const topicId = reader.uuid();
    const topic = topics.get(topicId);
    if (topic === undefined) throw reader.malformed("is about a topic nobody asked for");
    reader.compactList(() => {
      const partition = partitionStart(reader, topic);
      const aborted: AbortedTransaction[] = [];
      reader.compactList(() => aborted.push(abortedTransaction(reader)));
      reader.skip(4); // preferred replica
      const records = reader.compactContent() ?? Buffer.alloc(0);
      partitions.push({ ...partition, aborted: aborted.sort(byFirstOffset), records });
    });
  });
  return { ...answer, partitions };
}

async function fetchById(leader: Exchange, partitions: readonly PartitionToFetch[], options: FetchOptions) {
  const request = fetchV13.createRequest(...requestOf(partitions, options, ({ topicId }) => topicId ?? ""));
  const answer = await leader.exchange(BY_ID, [request.buffer], options.take);
  return decodeFetchAnswerById(answer, new Map(partitions.map(({ topicId, topic }) => [topicId ?? "", topic])));
}

function requestByName(partitions: readonly PartitionToFetch[], options: FetchOptions): Buffer {
  return fetchV11.createRequest(...requestOf(partitions, options, ({ topic }) => topic)).buffer;
}

function requestOf(
  wanted: readonly PartitionToFetch[],
  options: FetchOptions,
  nameOf: (partition: PartitionToFetch) => string,
): Parameters<typeof fetchV11.createRequest> {
  const { isolation = "read_committed", maxWaitMs = 0, minBytes = 1, maxBytes = 50 << 20 } = options;
  const level = isolation === "read_committed" ? READ_COMMITTED : READ_UNCOMMITTED;
  const topics = [...Map.groupBy(wanted, nameOf)].map(([topicId, partitions]) => ({
    topicId,
    partitions: partitions.map(({ partition, offset, maxBytes, currentLeaderEpoch = ANY_LEADER_EPOCH }) => ({
      partition,
      currentLeaderEpoch,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    })),
  }));
  return [maxWaitMs, minBytes, maxBytes, level, ...NO_SESSION, topics, [], ""];
}

function answerStart(reader: ByteReader): Pick<FetchAnswer, "throttleMs" | "errorCode"> {
  const throttleMs = reader.int32();
  const errorCode = reader.int16();
  reader.skip(4); // session
  return { throttleMs, errorCode };
}

function partitionStart(reader: ByteReader, topic: string): Omit<FetchedPartition, "aborted" | "records"> {
  return {
    topic,
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: offsetFromBigInt(reader.int64()),
    lastStableOffset: offsetFromBigInt(reader.int64()),
    logStartOffset: offsetFromBigInt(reader.int64()),
  };
}

function abortedTransaction(reader: ByteReader): AbortedTransaction {
  return { producerId: reader.int64(), firstOffset: offsetFromBigInt(reader.int64()) };
}

const byFirstOffset = (a: AbortedTransaction, b: AbortedTransaction) => a.firstOffset - b.firstOffset;

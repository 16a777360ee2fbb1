/** Produce requests of batches that are bytes already. */

import { Writer } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Exchange, RequestKind } from "./exchange.ts";
import type { RecordBatch } from "./record-batch.ts";

export interface BatchToProduce {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatch;
  /** How long the broker waits for its replicas, milliseconds; less than the connection waits for answers. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface ProduceAnswer {
  /** How long the broker holds its answers back because of a quota, milliseconds. */
  readonly throttleMs: number;
  readonly errorCode: number;
  /** What the broker adds to the number, if it does. */
  readonly errorMessage: string | null;
  /**
   * The offset of the batch's first record; of the original one where the broker has this batch of this producer already.
   * -1 where there is an error, or where it is a duplicate so old that the broker only knows it to be one.
   */
  readonly baseOffset: number;
  /** Milliseconds since the epoch; -1 where the topic keeps the times of its producers. */
  readonly logAppendTime: number;
  readonly logStartOffset: number;
}

/** Version 8 adds the broker's words on errors (KIP-467); not every Kafka-compatible broker has it. */
type Version = 7 | 8;

const ALL_REPLICAS = -1;
/** The least that an element of each list in an answer takes. */
const TOPIC_BYTES = 2 + 4;
const PARTITION_BYTES = 4 + 2 + 8 + 8 + 8;
const RECORD_ERROR_BYTES = 4 + 2;

/**
 * Produces one batch, acknowledged by all replicas in sync. The request is on its way when the call returns, so calls in a
 * row arrive in this order; the batch must not change until there is an answer. What the broker did not like is in it.
 */
export async function produceBatch(leader: Exchange, request: BatchToProduce): Promise<ProduceAnswer> {
  const version = leader.offers(kindOf(8)) ? 8 : 7;
  const answer = await leader.exchange(kindOf(version), [encodeStart(request), request.batch.bytes]);
  return decodeProduceAnswer(answer, version);
}

/** Reads a Produce answer for one partition. Throws `kafka` for bytes that are none. */
export function decodeProduceAnswer(bytes: Buffer, version: Version): ProduceAnswer {
  const reader = new ByteReader(bytes, "a Produce answer");
  const partitions = reader
    .list(TOPIC_BYTES, () => {
      reader.text(); // topic
      return reader.list(PARTITION_BYTES, () => producedPartition(reader, version));
    })
    .flat();
  const [produced] = partitions;
  if (produced === undefined || partitions.length > 1) throw reader.malformed("is not about one partition");
  return { throttleMs: reader.int32(), ...produced };
}

function kindOf(version: Version): RequestKind {
  return { key: 0, version, flexible: false };
}

/** All of a request but the batch, which is its end. */
function encodeStart({ topic, partition, batch, timeoutMs = 10_000 }: BatchToProduce): Buffer {
  return Writer.create()
    .appendString(null, false) // transactional id
    .appendInt16(ALL_REPLICAS)
    .appendInt32(timeoutMs)
    .appendInt32(1) // topics
    .appendString(topic, false)
    .appendInt32(1) // partitions
    .appendInt32(partition)
    .appendInt32(batch.byteLength).buffer;
}

function producedPartition(reader: ByteReader, version: Version): Omit<ProduceAnswer, "throttleMs"> {
  reader.skip(4); // partition
  const errorCode = reader.int16();
  const baseOffset = offsetFromBigInt(reader.int64());
  const logAppendTime = Number(reader.int64());
  const logStartOffset = offsetFromBigInt(reader.int64());
  const recordErrors = version < 8 ? [] : reader.list(RECORD_ERROR_BYTES, recordError);
  const errorMessage = version < 8 ? null : reader.text();
  return { errorCode, errorMessage: recordErrors[0] ?? errorMessage, baseOffset, logAppendTime, logStartOffset };
}

/** The broker's words on one record. */
function recordError(reader: ByteReader): string | null {
  reader.skip(4); // its index in the batch
  return reader.text();
}

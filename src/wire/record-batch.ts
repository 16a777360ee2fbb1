/** One record batch of the present format (magic 2; Kafka's documentation, "Record Batch") as a view of its bytes. */

import { StraitError } from "../model/errors.ts";
import { offsetFromBigInt } from "../model/offset.ts";
import { CODECS, type Codec } from "./compression.ts";
import { crc32c, patchedCrc32c } from "./crc32c.ts";

/** Where things are; all numbers are big-endian. */
export const LAYOUT = {
  baseOffset: 0,
  length: 8,
  /** The bytes before those that `length` counts. */
  lengthEnd: 12,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  /** The CRC covers everything from here on. */
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

/** Bits of the attributes. */
const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

/** Who a batch is from. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** The sequence of the first record: 0 to 2^31 - 1, then 0 again. */
  readonly baseSequence: number;
}

export class RecordBatch {
  readonly magic = 2;
  readonly bytes: Buffer;

  /** `bytes` must be one whole batch, as `splitBatches` and `encodeBatches` give them. They are used, not copied. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  get baseOffset(): number {
    return offsetFromBigInt(this.bytes.readBigInt64BE(LAYOUT.baseOffset));
  }

  get lastOffsetDelta(): number {
    return this.bytes.readInt32BE(LAYOUT.lastOffsetDelta);
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  get leaderEpoch(): number {
    return this.bytes.readInt32BE(LAYOUT.leaderEpoch);
  }

  /** Throws `kafka` for one that does not exist. */
  get codec(): Codec {
    const codec = CODECS[this.#attributes & CODEC];
    if (codec === undefined) {
      throw new StraitError("kafka", `a record batch has the unknown compression ${this.#attributes & CODEC}`);
    }
    return codec;
  }

  /** Whether the time of all its records is `maxTimestamp`, when the broker took them. */
  get logAppendTime(): boolean {
    return (this.#attributes & LOG_APPEND_TIME) !== 0;
  }

  get transactional(): boolean {
    return (this.#attributes & TRANSACTIONAL) !== 0;
  }

  /** Whether it ends a transaction rather than holding records. */
  get control(): boolean {
    return (this.#attributes & CONTROL) !== 0;
  }

  /** What the timestamps of records count from, milliseconds since the epoch; -1 where they have none. */
  get firstTimestamp(): number {
    return timestampFromBigInt(this.bytes.readBigInt64BE(LAYOUT.firstTimestamp));
  }

  get maxTimestamp(): number {
    return timestampFromBigInt(this.bytes.readBigInt64BE(LAYOUT.maxTimestamp));
  }

  /** -1 where the producer is not idempotent, like its epoch and sequence. */
  get producerId(): bigint {
    return this.bytes.readBigInt64BE(LAYOUT.producerId);
  }

  get producerEpoch(): number {
    return this.bytes.readInt16BE(LAYOUT.producerEpoch);
  }

  get baseSequence(): number {
    return this.bytes.readInt32BE(LAYOUT.baseSequence);
  }

  /** How many records it holds: fewer than offsets where compaction removed some. */
  get count(): number {
    return this.bytes.readInt32BE(LAYOUT.count);
  }

  /**
   * Whether a broker takes it as it is and readers then see the same records. Otherwise it must be re-encoded. Kafka refuses
   * batches with holes. Of one with append time it clears that bit (4.1, seen), so that readers see the producers' times, or
   * refuses it where the topic has append time itself. And the time from which a cleaner may remove the tombstones of a batch
   * (KIP-534) is the source's own affair.
   */
  get forwardable(): boolean {
    const { count } = this;
    return (
      count > 0 &&
      count === this.lastOffsetDelta + 1 &&
      (this.#attributes & (LOG_APPEND_TIME | CONTROL | DELETE_HORIZON)) === 0
    );
  }

  /** Whether the bytes are those that the CRC was made of. */
  get intact(): boolean {
    return this.bytes.readUInt32BE(LAYOUT.crc) === crc32c(this.bytes.subarray(LAYOUT.attributes));
  }

  get #attributes(): number {
    return this.bytes.readInt16BE(LAYOUT.attributes);
  }
}

/**
 * Makes a batch one to produce, outside of transactions, by this producer: in place, records untouched, at a cost that
 * does not depend on its size. Its base offset is 0 afterwards, which producers send, so read that before.
 */
export function stamp({ bytes }: RecordBatch, { producerId, producerEpoch, baseSequence }: ProducerStamp): void {
  const header = bytes.subarray(LAYOUT.attributes, LAYOUT.records);
  const before = Buffer.from(header);
  bytes.writeBigInt64BE(0n, LAYOUT.baseOffset);
  bytes.writeInt32BE(-1, LAYOUT.leaderEpoch);
  bytes.writeInt16BE(bytes.readInt16BE(LAYOUT.attributes) & ~TRANSACTIONAL, LAYOUT.attributes);
  bytes.writeBigInt64BE(producerId, LAYOUT.producerId);
  bytes.writeInt16BE(producerEpoch, LAYOUT.producerEpoch);
  bytes.writeInt32BE(baseSequence, LAYOUT.baseSequence);
  const crc = patchedCrc32c(bytes.readUInt32BE(LAYOUT.crc), before, header, bytes.length - LAYOUT.records);
  bytes.writeUInt32BE(crc, LAYOUT.crc);
}

function timestampFromBigInt(value: bigint): number {
  const timestamp = Number(value);
  if (!Number.isSafeInteger(timestamp))
    throw new StraitError("kafka", `timestamp ${value} is beyond what strait can hold`);
  return timestamp;
}

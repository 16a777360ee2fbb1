/** Record batches (magic 2), written and read for tests without strait's own code and fast enough for large volumes. */

import { compressionsAlgorithms, compressionsAlgorithmsByBitmask, crc32c } from "@platformatic/kafka";
import type { KafkaRecord } from "../../src/model/record.ts";

export type Text = string | Uint8Array;

export interface TestRecord {
  /** Default 0. */
  readonly partition?: number;
  /** Default null. */
  readonly key?: Text | null;
  /** `null` is a tombstone. */
  readonly value: Text | null;
  /** In order; names may repeat. */
  readonly headers?: readonly (readonly [name: string, value: Text | null])[];
  /** Milliseconds since the epoch. Default now. */
  readonly timestamp?: number;
}

/** In the order of their numbers in a batch's attributes. */
export const COMPRESSIONS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

export type Compression = (typeof COMPRESSIONS)[number];

/** Who writes a batch so that brokers know it again. */
export interface BatchProducer {
  readonly id: bigint;
  readonly epoch: number;
  readonly sequence: number;
  /** Whether it is part of a transaction. Default true; false for a producer that is idempotent and no more. */
  readonly transactional?: boolean;
}

/** What the header of a batch says. */
export interface BatchHeader {
  readonly compression: Compression;
  readonly producerId: bigint;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly lastOffset: number;
}

const HEADER_BYTES = 61;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export function encodeBatch(
  records: readonly TestRecord[],
  compression: Compression,
  producer: BatchProducer | null,
): Buffer {
  const now = Date.now();
  const first = records[0]?.timestamp ?? now;
  let latest = first;
  const body = new ByteWriter();
  const record = new ByteWriter();
  records.forEach(({ key = null, value, headers = [], timestamp = now }, i) => {
    latest = Math.max(latest, timestamp);
    record.length = 0;
    record.varint(0); // attributes, unused
    record.varint(timestamp - first);
    record.varint(i);
    record.content(key);
    record.content(value);
    record.varint(headers.length);
    for (const part of headers.flat()) record.content(part);
    body.content(record.written());
  });
  const codec = compressionsAlgorithms[compression];
  const payload = compression === "none" ? body.written() : codec.compressSync(body.written());
  const batch = Buffer.alloc(HEADER_BYTES + payload.length);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12); // leader epoch, for the broker to fill in
  batch.writeInt8(2, 16);
  const transactional = producer !== null && producer.transactional !== false;
  batch.writeInt16BE(codec.bitmask | (transactional ? TRANSACTIONAL : 0), 21);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(latest), 35);
  batch.writeBigInt64BE(producer?.id ?? -1n, 43);
  batch.writeInt16BE(producer?.epoch ?? -1, 51);
  batch.writeInt32BE(producer?.sequence ?? -1, 53);
  batch.writeInt32BE(records.length, 57);
  batch.set(payload, HEADER_BYTES);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** Splits the records field of a Fetch response into batches. The last one may be cut off and is then left out. */
export function splitBatches(data: Buffer): Buffer[] {
  const batches: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= data.length; ) {
    const end = at + 12 + data.readInt32BE(at + 8);
    if (end > data.length) break;
    batches.push(data.subarray(at, end));
    at = end;
  }
  return batches;
}

export function decodeHeader(batch: Buffer): BatchHeader {
  const attributes = batch.readInt16BE(21);
  return {
    compression: COMPRESSIONS[attributes & 7] ?? "none",
    producerId: batch.readBigInt64BE(43),
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    lastOffset: Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23),
  };
}

export function decodeRecords(topic: string, partition: number, batch: Buffer): KafkaRecord[] {
  const attributes = batch.readInt16BE(21);
  const base = Number(batch.readBigInt64BE(0));
  const first = Number(batch.readBigInt64BE(27));
  const appended = (attributes & LOG_APPEND_TIME) === 0 ? null : Number(batch.readBigInt64BE(35));
  const codec = compressionsAlgorithmsByBitmask[attributes & 7];
  const payload = batch.subarray(HEADER_BYTES);
  const reader = new ByteReader(
    (attributes & 7) === 0 || codec === undefined ? payload : codec.decompressSync(payload),
  );
  return Array.from({ length: batch.readInt32BE(57) }, () => {
    reader.varint(); // length of the record
    reader.varint(); // attributes, unused
    const timestamp = first + reader.varint();
    const offset = base + reader.varint();
    const key = reader.content();
    const value = reader.content();
    const headers = Array.from({ length: reader.varint() }, () => ({
      name: String(reader.content()),
      value: reader.content(),
    }));
    return { topic, partition, offset, timestamp: appended ?? timestamp, key, value, headers };
  });
}

/** Grows as it is written to. Varints are zigzag encoded and hold any safe integer. */
class ByteWriter {
  length = 0;
  #buffer = Buffer.allocUnsafe(4096);

  varint(value: number): void {
    this.#reserve(10);
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest > 127) {
      this.#buffer[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.length++] = rest;
  }

  /** Bytes or text with their length before them; null as length -1. */
  content(content: Text | null): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.varint(bytes?.length ?? -1);
    if (bytes === null) return;
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written, as a view. */
  written(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.length + bytes));
    larger.set(this.written());
    this.#buffer = larger;
  }
}

class ByteReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#buffer[this.#at++];
      if (byte === undefined) throw new Error("a record ends in the middle");
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
  }

  content(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }
}

/** Records made into batches that a broker takes. */

import type { Codec } from "./compression.ts";
import {
  type DecodedRecord,
  type DecodeOptions,
  type RawRecord,
  type RecordContent,
  rawRecords,
} from "./decode-records.ts";
import { LAYOUT, type RecordBatch } from "./record-batch.ts";
import { sealBatch } from "./seal-batch.ts";
import { varintLength, writeVarint } from "./varint.ts";

/** A record with its content, or as it was encoded: a body is never beside content that it could contradict. */
export type RecordToEncode = RawRecord | (DecodedRecord & { readonly body?: never });

export interface EncodeOptions {
  /** Default `none`. */
  readonly codec?: Codec;
  /** The most a batch takes before compression, unless a single record takes more. Default 1 MiB, what brokers allow. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 1 << 20;

/**
 * Makes batches of records in order of their offsets. Where offsets have a hole a batch ends, since a broker takes none
 * with holes. Each has the offset of its first record as base offset, and no producer.
 */
export function encodeBatches(records: Iterable<RecordToEncode>, options: EncodeOptions = {}): RecordBatch[] {
  const { codec = "none", maxBytes = DEFAULT_MAX_BYTES } = options;
  const batches: RecordBatch[] = [];
  let draft: Draft | null = null;
  for (const record of records) {
    if (draft?.add(record, maxBytes)) continue;
    if (draft !== null) batches.push(draft.seal(codec));
    draft = new Draft(record);
  }
  if (draft !== null) batches.push(draft.seal(codec));
  return batches;
}

/**
 * Makes batches that a broker takes of one that it does not, from an offset on; compressed as it was unless `codec` says
 * otherwise. Contents are not looked at. Timestamps stay what readers of the batch see.
 */
export function reencodeBatch(
  batch: RecordBatch,
  options: EncodeOptions & { readonly from?: number; readonly decode?: DecodeOptions } = {},
): RecordBatch[] {
  const { from = 0, decode, ...encode } = options;
  return encodeBatches(
    rawRecords(batch, decode).filter(({ offset }) => offset >= from),
    { codec: batch.codec, ...encode },
  );
}

/** Records of consecutive offsets that become one batch. */
class Draft {
  readonly #first: RecordToEncode;
  readonly #records: RecordToEncode[] = [];
  /** Of each record, without the length written before it. */
  readonly #lengths: number[] = [];
  #bytes: number = LAYOUT.records;
  #maxTimestamp: number;

  constructor(first: RecordToEncode) {
    this.#first = first;
    this.#maxTimestamp = first.timestamp;
    this.#append(first, this.#lengthOf(first));
  }

  /** Whether the record is in it now; not if it does not follow or does not fit. */
  add(record: RecordToEncode, maxBytes: number): boolean {
    if (record.offset !== this.#first.offset + this.#records.length) return false;
    const length = this.#lengthOf(record);
    if (this.#bytes + varintLength(length) + length > maxBytes) return false;
    this.#append(record, length);
    return true;
  }

  seal(codec: Codec): RecordBatch {
    const bytes = Buffer.allocUnsafe(this.#bytes);
    const { offset: baseOffset, timestamp: firstTimestamp } = this.#first;
    let at: number = LAYOUT.records;
    this.#records.forEach((record, i) => {
      at = writeVarint(bytes, at, this.#lengths[i] ?? 0);
      bytes[at++] = 0; // attributes, unused
      at = writeVarint(bytes, at, record.timestamp - firstTimestamp);
      at = writeVarint(bytes, at, i);
      at = writeBody(bytes, at, record);
    });
    const count = this.#records.length;
    return sealBatch(bytes, { baseOffset, count, firstTimestamp, maxTimestamp: this.#maxTimestamp }, codec);
  }

  #lengthOf(record: RecordToEncode): number {
    const time = varintLength(record.timestamp - this.#first.timestamp);
    return 1 + time + varintLength(record.offset - this.#first.offset) + bodyLength(record);
  }

  #append(record: RecordToEncode, length: number): void {
    this.#records.push(record);
    this.#lengths.push(length);
    this.#bytes += varintLength(length) + length;
    this.#maxTimestamp = Math.max(this.#maxTimestamp, record.timestamp);
  }
}

function bodyLength(record: RecordToEncode): number {
  if (record.body !== undefined) return record.body.length;
  const { key, value, headers } = record;
  let length = contentLength(key) + contentLength(value) + varintLength(headers.length);
  for (const header of headers) {
    const name = Buffer.byteLength(header.name);
    length += varintLength(name) + name + contentLength(header.value);
  }
  return length;
}

function writeBody(bytes: Buffer, start: number, record: RecordToEncode): number {
  if (record.body !== undefined) {
    bytes.set(record.body, start);
    return start + record.body.length;
  }
  const { key, value, headers }: RecordContent = record;
  let at = writeContent(bytes, writeContent(bytes, start, key), value);
  at = writeVarint(bytes, at, headers.length);
  for (const header of headers) {
    at = writeVarint(bytes, at, Buffer.byteLength(header.name));
    at += bytes.write(header.name, at, "utf8");
    at = writeContent(bytes, at, header.value);
  }
  return at;
}

function contentLength(content: Uint8Array | null): number {
  return content === null ? 1 : varintLength(content.length) + content.length;
}

function writeContent(bytes: Buffer, start: number, content: Uint8Array | null): number {
  if (content === null) return writeVarint(bytes, start, -1);
  const at = writeVarint(bytes, start, content.length);
  bytes.set(content, at);
  return at + content.length;
}

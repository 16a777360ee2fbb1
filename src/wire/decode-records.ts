/** The records in a batch. */

import { StraitError } from "../model/errors.ts";
import type { KafkaRecord, RecordHeader } from "../model/record.ts";
import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./compression.ts";
import { LAYOUT, type RecordBatch } from "./record-batch.ts";

/** A record whose content nobody looked at. */
export interface RawRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 where the record has none. */
  readonly timestamp: number;
  /** Key, value and headers as they are encoded: all that follows a record's offset. */
  readonly body: Buffer;
}

export type RecordContent = Pick<KafkaRecord, "key" | "value" | "headers">;

export type DecodedRecord = RecordContent & Omit<RawRecord, "body">;

export interface DecodeOptions {
  /** The most that a compressed batch may unpack to. Default 256 MiB. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 256 << 20;
const WHAT = "a record";

/**
 * The records of a batch in order, content untouched: views of the batch, or of what it was unpacked to. Throws `kafka`
 * for a corrupt batch, `record-too-large` for one that unpacks to more than `maxBytes`.
 */
export function* rawRecords(batch: RecordBatch, options: DecodeOptions = {}): Generator<RawRecord, void, undefined> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  const { baseOffset, firstTimestamp, lastOffsetDelta } = batch;
  if (!batch.intact) throw corrupt(baseOffset, "its CRC is not that of its content");
  const appendTime = batch.logAppendTime ? batch.maxTimestamp : null;
  const reader = new ByteReader(decompress(batch.codec, batch.bytes.subarray(LAYOUT.records), maxBytes), WHAT);
  let last = -1;
  for (let left = batch.count; left > 0; left--) {
    const length = reader.varint();
    const end = reader.position + length;
    reader.skip(1); // attributes, unused
    const timestamp = firstTimestamp + reader.varint();
    const delta = reader.varint();
    if (delta <= last || delta > lastOffsetDelta) throw corrupt(baseOffset, "its offsets are out of order");
    last = delta;
    const body = reader.take(end - reader.position);
    yield { offset: baseOffset + delta, timestamp: appendTime ?? timestamp, body };
  }
  if (reader.left > 0) throw corrupt(baseOffset, "bytes follow its last record");
}

/** The records of a batch in order, content as views. Throws as `rawRecords` does. */
export function decodeRecords(batch: RecordBatch, options: DecodeOptions = {}): DecodedRecord[] {
  const records: DecodedRecord[] = [];
  for (const { offset, timestamp, body } of rawRecords(batch, options)) {
    records.push({ offset, timestamp, ...decodeBody(body) });
  }
  return records;
}

/** Key, value and headers of a record, as views. Throws `kafka` where they do not fill the body exactly. */
export function decodeBody(body: Buffer): RecordContent {
  const reader = new ByteReader(body, WHAT);
  const key = content(reader);
  const value = content(reader);
  const count = reader.varint();
  if (count < 0) throw reader.malformed("has a negative number of headers");
  const headers: RecordHeader[] = [];
  for (let left = count; left > 0; left--) {
    const name = reader.take(reader.varint()).toString("utf8");
    headers.push({ name, value: content(reader) });
  }
  if (reader.left > 0) throw reader.malformed("goes on behind its headers");
  return { key, value, headers };
}

function content(reader: ByteReader): Buffer | null {
  const length = reader.varint();
  return length < 0 ? null : reader.take(length);
}

function corrupt(baseOffset: number, problem: string): StraitError {
  return new StraitError("kafka", `the record batch at offset ${baseOffset} is corrupt: ${problem}`, {
    offset: baseOffset,
  });
}

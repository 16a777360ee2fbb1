/** What the runner asks a filter host: records, and which of its filters they are for. */

import type { KafkaRecord, RecordHeader } from "../../model/record.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { ByteWriter } from "./byte-writer.ts";
import { FRAME_HEAD_BYTES } from "./frame-reader.ts";

export interface HostRequest {
  readonly id: number;
  /** The filters to apply: from this one on, up to `to` without it. */
  readonly from: number;
  readonly to: number;
  /** Whether what comes after a record that a filter fails on need not be looked at. */
  readonly stopsAtFailure: boolean;
  /** All of one partition. */
  readonly records: readonly KafkaRecord[];
}

/** A number, lengths and so on of one record, roughly. */
const RECORD_OVERHEAD_BYTES = 48;

/** How many bytes a record takes in a request, roughly: headers are not looked at. */
export function requestBytes({ key, value }: KafkaRecord): number {
  return RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
}

/** The request as a frame. */
export function encodeRequest({ id, from, to, stopsAtFailure, records }: HostRequest): Buffer {
  const writer = new ByteWriter(records.reduce((sum, record) => sum + requestBytes(record), 256));
  writer.uint32(0); // the length, known at the end
  writer.uint32(id);
  writer.uint32(from);
  writer.uint32(to);
  writer.uint8(stopsAtFailure ? 1 : 0);
  writer.text(records[0]?.topic ?? "");
  writer.uint32(records[0]?.partition ?? 0);
  writer.uint32(records.length);
  for (const { offset, timestamp, key, value, headers } of records) {
    writer.float64(offset);
    writer.float64(timestamp);
    writer.content(key);
    writer.content(value);
    writer.uint32(headers.length);
    for (const header of headers) {
      writer.text(header.name);
      writer.content(header.value);
    }
  }
  writer.setUint32(writer.position - FRAME_HEAD_BYTES, 0);
  return writer.written();
}

/** Bytes as a filter is shown them, who may spoil them, and where they are as they were. */
export interface SharedBytes {
  readonly shown: Uint8Array;
  readonly original: Buffer;
  /** Where in `original`. */
  readonly start: number;
  readonly end: number;
}

export interface SharedHeader {
  readonly name: string;
  readonly value: SharedBytes | null;
}

/** A record as a host has it. */
export interface SharedRecord extends Pick<KafkaRecord, "topic" | "partition" | "offset" | "timestamp"> {
  readonly key: SharedBytes | null;
  readonly value: SharedBytes | null;
  readonly headers: readonly SharedHeader[];
}

const NO_HEADERS: readonly SharedHeader[] = [];

/** A request whose records are read one after the other. */
export class ReceivedRequest implements Omit<HostRequest, "records"> {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly stopsAtFailure: boolean;
  readonly count: number;
  /** Of the frame. */
  readonly bytes: number;
  readonly #topic: string;
  readonly #partition: number;
  readonly #cursor: ByteCursor;
  readonly #shown: Buffer;

  /** Takes the frame over: filters are shown a copy of it and may keep that. */
  constructor(frame: Buffer) {
    const cursor = new ByteCursor(frame);
    this.id = cursor.uint32();
    this.from = cursor.uint32();
    this.to = cursor.uint32();
    this.stopsAtFailure = cursor.uint8() === 1;
    this.#topic = cursor.text();
    this.#partition = cursor.uint32();
    this.count = cursor.uint32();
    this.bytes = frame.length;
    this.#cursor = cursor;
    // Memory of its own: what is behind a Buffer from the pool holds other things too, and filters can get at it.
    this.#shown = Buffer.from(new Uint8Array(frame).buffer);
  }

  /** The next record; to be called `count` times. */
  next(): SharedRecord {
    const cursor = this.#cursor;
    const offset = cursor.float64();
    const timestamp = cursor.float64();
    const key = this.#content();
    const value = this.#content();
    const count = cursor.uint32();
    return {
      topic: this.#topic,
      partition: this.#partition,
      offset,
      timestamp,
      key,
      value,
      headers: this.#headers(count),
    };
  }

  #headers(count: number): readonly SharedHeader[] {
    if (count === 0) return NO_HEADERS;
    const headers: SharedHeader[] = [];
    for (let left = count; left > 0; left--) headers.push({ name: this.#cursor.text(), value: this.#content() });
    return headers;
  }

  #content(): SharedBytes | null {
    const length = this.#cursor.contentLength();
    if (length < 0) return null;
    const start = this.#cursor.skip(length);
    const end = start + length;
    return { shown: this.#shown.subarray(start, end), original: this.#cursor.bytes, start, end };
  }
}

/** A header as filters have it. */
export function shownHeader({ name, value }: SharedHeader): RecordHeader {
  return { name, value: value?.shown ?? null };
}

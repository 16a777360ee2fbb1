/**
 * How Confluent's serializers say which schema a payload has (schemaregistry 1.10.1, dist/serde/serde.js):
 *
 * - in front of it: a byte 0 and the id in four bytes, big-endian; or a byte 1 and the GUID in sixteen;
 * - in a header, `__value_schema_id` or `__key_schema_id`, with the same bytes and nothing in front of the payload.
 *
 * For Protobuf the message type follows: its index in the file, then the index in that type, and so on, as zigzag varints
 * with their number in front. A single 0 stands for the first type of the file.
 */

import { type RecordHeader, StraitError } from "../../src/mod.ts";

/** A schema's id as a number, or its GUID in lower case with dashes. */
export type FrameId = number | string;

export interface Frame {
  readonly id: FrameId;
  /** Bytes of the magic byte and the id. */
  readonly length: number;
}

export interface MessageIndex {
  /** At least one index. */
  readonly path: readonly number[];
  /** Where the bytes after it begin. */
  readonly end: number;
}

const ID_LENGTH = 5;
const GUID_LENGTH = 17;
/** Java's ids are signed, and none is negative. */
const MAX_ID = 0x7fff_ffff;
/** protoc lets messages be nested 32 levels deep. */
const MAX_INDEXES = 32;

export const SCHEMA_ID_HEADERS = { key: "__key_schema_id", value: "__value_schema_id" } as const;

/** The last header of the name that has a value, as Confluent's deserializers take it; null where there is none. */
export function schemaIdHeader(headers: readonly RecordHeader[], name: string): RecordHeader | null {
  for (let i = headers.length - 1; i >= 0; i--) {
    const header = headers[i]!;
    if (header.name === name) return header.value === null ? null : header;
  }
  return null;
}

/** Throws `filter-failed` for bytes that do not start with a frame. */
export function readFrame(bytes: Uint8Array): Frame {
  if (bytes[0] === 0) {
    if (bytes.length < ID_LENGTH) throw notFramed("it is too short for a schema id");
    const id = ((bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!) >>> 0;
    if (id > MAX_ID) throw notFramed("no schema has a negative id");
    return { id, length: ID_LENGTH };
  }
  if (bytes[0] === 1) {
    if (bytes.length < GUID_LENGTH) throw notFramed("it is too short for a schema GUID");
    return { id: guidIn(bytes), length: GUID_LENGTH };
  }
  throw notFramed("its first byte is neither 0 nor 1");
}

/** The magic byte and the id. Throws `filter-failed` for a number that is no id and a text that is no GUID. */
export function encodeFrame(id: FrameId): Uint8Array {
  if (typeof id === "number") {
    if (!Number.isInteger(id) || id < 0 || id > MAX_ID) throw notFramed("the id does not fit into four bytes");
    return Uint8Array.of(0, id >>> 24, (id >>> 16) & 0xff, (id >>> 8) & 0xff, id & 0xff);
  }
  const digits = id.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw notFramed("the GUID is none");
  return Uint8Array.of(1, ...Buffer.from(digits, "hex"));
}

/** Throws `filter-failed` where there is none. */
export function readMessageIndex(bytes: Uint8Array, start: number): MessageIndex {
  const count = readVarint(bytes, start);
  if (count.value === 0) return { path: FIRST_MESSAGE, end: count.end };
  if (count.value < 0 || count.value > MAX_INDEXES) throw notFramed("its message index is none");
  const path: number[] = [];
  let { end } = count;
  for (let i = 0; i < count.value; i++) {
    const index = readVarint(bytes, end);
    if (index.value < 0) throw notFramed("its message index is none");
    path.push(index.value);
    end = index.end;
  }
  return { path, end };
}

/** Indexes are whole numbers from 0. */
export function encodeMessageIndex(path: readonly number[]): Uint8Array {
  if (path.length === 1 && path[0] === 0) return Uint8Array.of(0);
  return Uint8Array.from([path.length, ...path].flatMap(varint));
}

const FIRST_MESSAGE: readonly number[] = [0];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** A zigzag varint of 32 bits. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let bits = 0;
  for (let at = start, shift = 0; shift < 35; at++, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) throw notFramed("it ends within its message index");
    bits |= (byte & 0x7f) << shift;
    // Of the fifth byte only four bits fit.
    if (byte < 0x80 && (shift < 28 || byte < 0x10)) return { value: (bits >>> 1) ^ -(bits & 1), end: at + 1 };
  }
  throw notFramed("its message index is none");
}

function guidIn(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + 1, GUID_LENGTH - 1).toString("hex");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

function notFramed(why: string): StraitError {
  return new StraitError("filter-failed", `the payload is not framed as data of a schema registry: ${why}`);
}

/** The wire format of Protobuf (protobuf.dev/programming-guides/encoding): where things begin and end. */

import { StraitError } from "../../src/mod.ts";
import type { Patch } from "../bytes/patch.ts";

/** Wire types. Groups (3 and 4) are refused. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

/** The error for what is no message, without content: `at` is a position in the payload. */
export function malformed(what: string, at: number): StraitError {
  return new StraitError("filter-failed", `not a Protobuf message: ${what} at byte ${at}`);
}

/** Reads at a position that it moves. Nothing is read at or beyond the `end` that is given. */
export class WireReader {
  bytes: Uint8Array = new Uint8Array();
  at = 0;

  /**
   * A tag or a length. Longer spellings than needed are taken up to five bytes, which is as far as the parsers at large
   * agree on what they mean.
   */
  varint32(end: number): number {
    const start = this.at;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte(end, start);
      if (shift === 28 && byte > 0x0f) throw malformed("a tag or length that is too long", start);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  }

  /** Goes past a value varint: at most ten bytes and 64 bits. */
  skipVarint(end: number): void {
    const start = this.at;
    for (let count = 1; ; count++) {
      const byte = this.#byte(end, start);
      if (count === 10 && byte > 1) throw malformed("a varint that is too long", start);
      if (byte < 0x80) return;
    }
  }

  /** Goes past `count` bytes. */
  skip(count: number, end: number): void {
    if (count > end - this.at) throw malformed("a value that reaches past the end", this.at);
    this.at += count;
  }

  /** Goes past a value without a length of its own: an element of a packed field. */
  skipScalar(wire: number, end: number): void {
    if (wire === VARINT) this.skipVarint(end);
    else this.skip(wire === FIXED32 ? 4 : 8, end);
  }

  #byte(end: number, start: number): number {
    if (this.at >= end) throw malformed("a number that is cut off", start);
    return this.bytes[this.at++]!;
  }
}

/** The value of a varint that was found whole, 64 bits at most. */
export function readVarint64(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt(bytes[at]! & 0x7f);
  return value;
}

/** Appends a length, in as few bytes as it takes. */
export function writeVarint32(patch: Patch, value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    patch.byte((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  patch.byte(rest);
}

/** Appends an unsigned number of 64 bits. */
export function writeVarint64(patch: Patch, value: bigint): void {
  let rest = value;
  while (rest > 0x7fn) {
    patch.byte(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  patch.byte(Number(rest));
}

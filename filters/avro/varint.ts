/** Avro's integers: zigzag, then 7 bits a byte with the lowest first. */

import { StraitError } from "../../src/mod.ts";
import type { Patch } from "../bytes/patch.ts";

/** 64 bits, 7 a byte. */
const LONGEST = 10;
/** Doubling up to here is exact. */
const EXACT = 2 ** 51;

/** Throws `filter-failed`: what is wrong and where, never the bytes. */
export function notAvro(what: string, at: number): never {
  throw new StraitError("filter-failed", `these bytes are not of the Avro schema: ${what} at byte ${at}`);
}

/** The position after the integer at `at`, whatever its value. */
export function varintEnd(bytes: Uint8Array, at: number): number {
  let last = at;
  while (bytes[last]! >= 0x80) last++;
  if (last >= bytes.length) return notAvro("the end inside an integer", bytes.length);
  if (last - at >= LONGEST - 1 && (last - at >= LONGEST || bytes[last]! > 1)) notAvro("an integer beyond 64 bits", at);
  return last + 1;
}

/** The integer from `at` to `end` (`varintEnd`), rounded beyond 2^52: exact enough for lengths, counts and indexes. */
export function roughVarint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = end - 1; i >= at; i--) value = value * 128 + (bytes[i]! & 0x7f);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The integer from `at` to `end`, exactly, in decimal digits. */
export function decimalVarint(bytes: Uint8Array, at: number, end: number): string {
  // Up to here (49 bits) plain numbers are exact.
  if (end - at <= 7) return String(roughVarint(bytes, at, end));
  let value = 0n;
  for (let i = end - 1; i >= at; i--) value = (value << 7n) | BigInt(bytes[i]! & 0x7f);
  return String((value >> 1n) ^ -(value & 1n));
}

/** Appends an integer; `value` must be a safe one. */
export function appendVarint(patch: Patch, value: number): void {
  if (value > EXACT || value < -EXACT) {
    appendLongVarint(patch, BigInt(value));
    return;
  }
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  while (rest >= 0x80) {
    patch.byte((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  patch.byte(rest);
}

/** Appends an integer of at most 64 bits. */
export function appendLongVarint(patch: Patch, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest >= 0x80n) {
    patch.byte(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  patch.byte(Number(rest));
}

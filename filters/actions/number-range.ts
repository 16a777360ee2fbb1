/** Which integers a schema's number type can hold. */

import type { NumberShape } from "../fields/change.ts";

export function fitsShape(value: bigint, { bits, signed }: NumberShape): boolean {
  const positive = BigInt(signed ? bits - 1 : bits);
  return value < 1n << positive && value >= (signed ? -(1n << positive) : 0n);
}

/** How many bits a non-negative integer may have to be exact in the type (IEEE 754: 24 and 53 for floats). */
export function exactBits({ kind, bits, signed }: NumberShape): number {
  if (kind === "float") return bits === 32 ? 24 : 53;
  return signed ? bits - 1 : bits;
}

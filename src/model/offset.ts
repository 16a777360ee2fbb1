/** Offsets are numbers inside strait; on the wire they have 64 bits. */

import { StraitError } from "./errors.ts";

/** An offset as a number. Throws `kafka` for one above 2^53 - 1, which no real log reaches. */
export function offsetFromBigInt(value: bigint): number {
  const offset = Number(value);
  if (!Number.isSafeInteger(offset)) throw new StraitError("kafka", `offset ${value} is beyond what strait can count`);
  return offset;
}

/** Writing zigzag varints; `ByteReader` reads them. Both throw `kafka` for numbers of 2^52 and more in either direction. */

import { StraitError } from "../model/errors.ts";

/** How many bytes an integer takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes an integer and returns the position behind it. */
export function writeVarint(bytes: Buffer, at: number, value: number): number {
  let end = at;
  let rest = zigzag(value);
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) | 128;
  bytes[end++] = rest;
  return end;
}

function zigzag(value: number): number {
  const coded = value < 0 ? -2 * value - 1 : 2 * value;
  if (!Number.isSafeInteger(coded)) throw new StraitError("kafka", `${value} is too large for a record to hold`);
  return coded;
}

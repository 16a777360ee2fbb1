/**
 * Finds where values end, without looking at what they hold. Positions may come out beyond the end of the bytes: the next
 * read finds nothing there, and whoever reads last compares.
 */

import { ARRAY, BOOLEAN, ENUM, FIXED, LENGTH_FIRST, MAP, RECORD, type Step, UNION, VARINT } from "./step.ts";
import { notAvro, roughVarint, varintEnd } from "./varint.ts";

/** Values in values: a few times what schemas do in practice, and far from the end of the stack. */
export const DEEPEST = 2000;

export class Passing {
  /** Where the integer ends that was read last. */
  end = 0;

  /** The integer at `at`, for lengths, counts and indexes (see `roughVarint`). */
  integer(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      this.end = at + 1;
      return (byte >>> 1) ^ -(byte & 1);
    }
    const end = varintEnd(bytes, at);
    this.end = end;
    return roughVarint(bytes, at, end);
  }

  /** The length of the string or bytes at `at`, all of which must be there. They begin at `end`. */
  length(bytes: Uint8Array, at: number): number {
    const length = this.integer(bytes, at);
    if (length < 0) notAvro("a negative length", at);
    if (length > bytes.length - this.end) notAvro("a length beyond the end", at);
    return length;
  }

  /** Which of so many branches of a union or symbols of an enum is at `at`. */
  index(bytes: Uint8Array, at: number, count: number): number {
    const index = this.integer(bytes, at);
    if (index < 0 || index >= count) notAvro("an index out of range", at);
    return index;
  }

  /** The position after the value at `at`. `step` must be a passive one; `depth` is how many values are around it. */
  pass(step: Step, bytes: Uint8Array, at: number, depth: number): number {
    switch (step.op) {
      case FIXED:
        return at + step.size;
      case VARINT:
        return bytes[at]! < 0x80 ? at + 1 : varintEnd(bytes, at);
      case LENGTH_FIRST: {
        const length = this.length(bytes, at);
        return this.end + length;
      }
      case BOOLEAN:
        return bytes[at]! < 2 ? at + 1 : notAvro(at < bytes.length ? "a boolean that is none" : "the end", at);
      case ENUM:
        this.index(bytes, at, step.size);
        return this.end;
    }
    if (depth === DEEPEST) notAvro(`more than ${DEEPEST} values in each other`, at);
    switch (step.op) {
      case RECORD: {
        const parts = step.parts;
        let next = at;
        for (let i = 0; i < parts.length; i++) next = this.pass(parts[i]!, bytes, next, depth + 1);
        return next;
      }
      case UNION: {
        const branch = step.parts[this.index(bytes, at, step.parts.length)]!;
        return this.pass(branch, bytes, this.end, depth + 1);
      }
      case ARRAY:
      case MAP:
        return this.#blocks(step, bytes, at, depth + 1);
    }
    throw new RangeError(`step ${step.op} is no passive one`);
  }

  /** A block that gives its size is passed as a whole, which is what the size is for. */
  #blocks(step: Step, bytes: Uint8Array, start: number, depth: number): number {
    const item = step.parts[0]!;
    const isMap = step.op === MAP;
    const least = isMap ? item.least + 1 : item.least;
    let at = start;
    for (;;) {
      const count = this.integer(bytes, at);
      if (count === 0) return this.end;
      if (count < 0) {
        const size = this.length(bytes, this.end);
        if (-count * least > size) notAvro("more items than the block can hold", at);
        at = this.end + size;
        continue;
      }
      if (count * least > bytes.length - this.end) notAvro("more items than the bytes can hold", at);
      at = this.end;
      if (!isMap && item.op === FIXED) {
        at += count * item.size;
        continue;
      }
      for (let i = 0; i < count; i++) {
        if (isMap) {
          const length = this.length(bytes, at);
          at = this.end + length;
        }
        at = this.pass(item, bytes, at, depth);
      }
    }
  }
}

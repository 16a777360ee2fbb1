/** The bytes that replace others in one record, one after the other. */

import { copyBytes } from "./copy-bytes.ts";

const INITIAL_BYTES = 4096;
/** Above this the buffer one large record needed is not kept for the next. */
const KEPT_BYTES = 1024 * 1024;

export class Patch {
  bytes = new Uint8Array(INITIAL_BYTES);
  length = 0;

  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends `source` from `start` to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.length = copyBytes(source, start, end, this.bytes, this.length);
  }

  append(source: Uint8Array): void {
    this.copy(source, 0, source.length);
  }

  /** Makes room for so many bytes more. Whoever writes them to `bytes` itself, from `length` on, moves `length` along. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

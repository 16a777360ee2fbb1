/** Cuts a stream into the frames that were written to it: each has its length (32 bits, little-endian) before it. */

export const FRAME_HEAD_BYTES = 4;

/** More than any batch of records takes. A longer frame is none: somebody else wrote to the stream. */
export const MAX_FRAME_BYTES = 1 << 30;

export class FrameReader {
  /** What came of a frame that is not whole yet. */
  #parts: Buffer[] = [];
  #bytes = 0;

  /** The frames that are whole now, as views where one came in one piece. Throws `RangeError` for a length no frame has. */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= FRAME_HEAD_BYTES) {
      const length = this.#head().readUInt32LE(0);
      if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`);
      const end = FRAME_HEAD_BYTES + length;
      if (this.#bytes < end) return;
      const all = this.#all();
      this.#parts = end < all.length ? [all.subarray(end)] : [];
      this.#bytes -= end;
      yield all.subarray(FRAME_HEAD_BYTES, end);
    }
  }

  /** A beginning that has at least the length in it. */
  #head(): Buffer {
    const [first] = this.#parts;
    return first !== undefined && first.length >= FRAME_HEAD_BYTES ? first : this.#all();
  }

  #all(): Buffer {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }
}

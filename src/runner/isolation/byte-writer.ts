/** Writes numbers and bytes one after the other into memory that grows. All numbers are little-endian. */

export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  /** `expected` is how many bytes it will be, as far as one knows. */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(expected, 64));
  }

  get position(): number {
    return this.#at;
  }

  uint8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  uint32(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32LE(value, at);
  }

  float64(value: number): void {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** Text with its length in bytes before it. */
  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.uint32(length);
    const at = this.#reserve(length);
    this.#bytes.write(text, at, "utf8");
  }

  /** Bytes with their length before them; `null` is told from none. */
  content(content: Uint8Array | null): void {
    const length = content === null ? -1 : content.length;
    const at = this.#reserve(4 + Math.max(length, 0));
    this.#bytes.writeInt32LE(length, at);
    if (content !== null && length > 0) this.#bytes.set(content, at + 4);
  }

  /** Writes a number where one was left out. */
  setUint32(value: number, at: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  /** What was written, as a view. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Where so many bytes go. May put other memory in the place of `#bytes`, so it comes before any use of that. */
  #reserve(length: number): number {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#at, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    return start;
  }
}

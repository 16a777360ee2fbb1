/** Reads what `ByteWriter` wrote. Throws `RangeError` where the bytes end before. */

export class ByteCursor {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  uint8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  float64(): number {
    return this.bytes.readDoubleLE(this.skip(8));
  }

  text(): string {
    const length = this.uint32();
    const start = this.skip(length);
    return this.bytes.toString("utf8", start, start + length);
  }

  /** How long the content is that follows, -1 for `null`. */
  contentLength(): number {
    return this.bytes.readInt32LE(this.skip(4));
  }

  /** Bytes as a view. */
  content(): Uint8Array | null {
    const length = this.contentLength();
    if (length < 0) return null;
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Passes so many bytes over and returns where they begin. */
  skip(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) throw new RangeError("the bytes end in the middle of a value");
    this.position = start + length;
    return start;
  }
}

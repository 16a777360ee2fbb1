/** Reading what a broker sent, which may be anything: never outside the bytes, never more elements than fit in them. */

import { StraitError } from "../model/errors.ts";

/** More groups of seven bits than a varint of 64 bits has. */
const VARINT_END = 128 ** 10;

/** Reads values one after the other. Every method throws `kafka` where the bytes cannot hold what is read. */
export class ByteReader {
  position = 0;
  readonly #bytes: Buffer;
  readonly #what: string;

  /** `what` names the bytes in messages: `a Fetch answer`. */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.position;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.skip(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.skip(8));
  }

  /** A zigzag varint. Throws as well for 2^52 and more in either direction. */
  varint(): number {
    const value = this.unsignedVarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  unsignedVarint(): number {
    let value = 0;
    for (let scale = 1; scale < VARINT_END; scale *= 128) {
      const byte = this.#bytes[this.skip(1)] as number;
      value += (byte & 127) * scale;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw this.malformed("holds a number out of range");
  }

  /** So many bytes, as a view. */
  take(length: number): Buffer {
    const start = this.skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Passes so many bytes over and returns where they begin. */
  skip(length: number): number {
    const start = this.position;
    if (!(length >= 0 && length <= this.left)) throw this.malformed("ends in the middle of a value");
    this.position = start + length;
    return start;
  }

  /** Text with a 16 bit length before it, `null` for a negative one. */
  text(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.take(length).toString("utf8");
  }

  /** Bytes with a 32 bit length before them, as a view; `null` for a negative one. */
  content(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.take(length);
  }

  /** Bytes with their length plus one before them (KIP-482), as a view; `null` for 0. */
  compactContent(): Buffer | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.take(length - 1);
  }

  /** 16 bytes as the text of a UUID, lower case. */
  uuid(): string {
    return this.take(16)
      .toString("hex")
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** A list with a 32 bit count before it; a negative one, for null, is empty. `minBytes` is the least an element takes. */
  list<T>(minBytes: number, read: (reader: this) => T): T[] {
    const count = this.int32();
    if (count > this.left / minBytes) throw this.malformed(`claims ${count} elements and ends before`);
    const elements: T[] = [];
    for (let i = 0; i < count; i++) elements.push(read(this));
    return elements;
  }

  /**
   * Reads a list of the compact encoding (KIP-482), whose elements end in tagged fields, which are passed over. An element
   * takes at least one byte, so that no count makes this last.
   */
  compactList(read: () => void): void {
    for (let left = this.unsignedVarint() - 1; left > 0; left--) {
      read();
      for (let tags = this.unsignedVarint(); tags > 0; tags--) {
        this.unsignedVarint(); // which
        this.skip(this.unsignedVarint());
      }
    }
  }

  /** The error for bytes that make no sense. */
  malformed(problem: string): StraitError {
    return new StraitError("kafka", `${this.#what} ${problem}`);
  }
}

/** SHA-256 over records. */

import { createHash } from "node:crypto";
import type { RawRecord } from "../wire/decode-records.ts";

/** Hashing each record by itself would cost more than hashing its bytes. */
const CHUNK_BYTES = 64 << 10;
const HEADER_BYTES = 8 + 8 + 4;

/**
 * For each record: offset (8 bytes), timestamp (8), the length of what follows (4), then key, value and headers as Kafka
 * encodes them, which has the length of each before it. Numbers are signed and big-endian.
 */
export class RecordDigest {
  readonly #hash = createHash("sha256");
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;

  add({ offset, timestamp, body }: RawRecord): void {
    if (this.#used + HEADER_BYTES + body.length > CHUNK_BYTES) this.#flush();
    this.#number(offset);
    this.#number(timestamp);
    this.#used = this.#chunk.writeInt32BE(body.length, this.#used);
    if (this.#used + body.length > CHUNK_BYTES) {
      this.#flush();
      this.#hash.update(body);
      return;
    }
    this.#chunk.set(body, this.#used);
    this.#used += body.length;
  }

  /** Makes the digest another than that of a side which does not have these records. */
  addUnmatched(firstOffset: number, count: number): void {
    if (this.#used + 16 > CHUNK_BYTES) this.#flush();
    this.#number(firstOffset);
    this.#number(-1 - count);
  }

  /** Hex. Nothing may be added afterwards. */
  finish(): string {
    this.#flush();
    return this.#hash.digest("hex");
  }

  #number(value: number): void {
    this.#used = this.#chunk.writeBigInt64BE(BigInt(value), this.#used);
  }

  #flush(): void {
    this.#hash.update(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** Records that one side of a compacted topic does not have, until it is known whether compaction took them. */

import { createHash } from "node:crypto";
import { MAX_FIRST_DIFFERENCES } from "../model/verification.ts";

/** The missing records of one key. */
export interface MissingRecords {
  /** The first ones' offsets, at most as many as are told. */
  readonly offsets: number[];
  count: number;
}

export class MissingKeys {
  /** By the SHA-256 of the key: keys may be long. */
  readonly #byKey = new Map<string, MissingRecords>();

  get size(): number {
    return this.#byKey.size;
  }

  add(key: Uint8Array, offset: number): void {
    const digest = digestOf(key);
    const missing = this.#byKey.get(digest) ?? { offsets: [], count: 0 };
    if (missing.offsets.length < MAX_FIRST_DIFFERENCES) missing.offsets.push(offset);
    missing.count++;
    this.#byKey.set(digest, missing);
  }

  /** A later record explains why those of its key are not there. Returns how many it explains. */
  explain(key: Uint8Array | null): number {
    if (key === null || this.#byKey.size === 0) return 0;
    const digest = digestOf(key);
    const count = this.#byKey.get(digest)?.count ?? 0;
    this.#byKey.delete(digest);
    return count;
  }

  /** Hands out what nothing explained, in the order of the first offsets, and forgets it. */
  take(): MissingRecords[] {
    const missing = [...this.#byKey.values()];
    this.#byKey.clear();
    return missing;
  }
}

function digestOf(key: Uint8Array): string {
  return createHash("sha256").update(key).digest("base64");
}

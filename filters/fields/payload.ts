/** Changes what a key or a value holds, whatever its format and whatever is around it. */

import type { KafkaRecord, RecordHeader } from "../../src/mod.ts";

export interface PayloadChange {
  readonly bytes: Uint8Array;
  /** All headers anew, where one of them names the payload's schema; absent: as they were. */
  readonly headers?: readonly RecordHeader[];
  /** A label for each change; empty where only the schema's id is another. Not to be written to. */
  readonly changed: readonly string[];
}

export interface Payload {
  /**
   * The changed payload, or null when it is to stay as it is, to the byte. `bytes` are the record's key or value, neither
   * null nor empty. Throws or rejects with `filter-failed` for what is not a payload of the format, and with
   * `schema-unavailable` (retriable) where its schema cannot be had.
   */
  operate(bytes: Uint8Array, record: KafkaRecord): PayloadChange | null | Promise<PayloadChange | null>;
}

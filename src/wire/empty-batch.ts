/** Batches that only take up offsets. */

import { LAYOUT, type RecordBatch } from "./record-batch.ts";
import { sealBatch } from "./seal-batch.ts";
import { varintLength, writeVarint } from "./varint.ts";

/** A record without time difference, key, value and headers, but for its offset in between. */
const BEFORE_OFFSET = [0, 0] as const;
const BEHIND_OFFSET = [1, 1, 0] as const;

/**
 * A batch of `count` records without key and value, compressed with zstd: a million take less than 1 MiB. Readers see
 * them, so they must be deleted (`deleteRecords`) before anybody reads. `timestamp` is for all of them, milliseconds since
 * the epoch: a recent one keeps retention from deleting the batch, which moves the start of the log as well.
 */
export function emptyBatch(count: number, timestamp: number): RecordBatch {
  const content = BEFORE_OFFSET.length + BEHIND_OFFSET.length;
  const bytes = Buffer.allocUnsafe(LAYOUT.records + count * (1 + content + varintLength(count)));
  let at: number = LAYOUT.records;
  for (let i = 0; i < count; i++) {
    at = writeVarint(bytes, at, content + varintLength(i));
    for (const byte of BEFORE_OFFSET) bytes[at++] = byte;
    at = writeVarint(bytes, at, i);
    for (const byte of BEHIND_OFFSET) bytes[at++] = byte;
  }
  const facts = { baseOffset: 0, count, firstTimestamp: timestamp, maxTimestamp: timestamp };
  return sealBatch(bytes.subarray(0, at), facts, "zstd");
}

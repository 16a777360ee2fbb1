/** How much a copy loop puts into one request. */

interface Content {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** Less than the largest batch that brokers take by default (`max.message.bytes`, 1,048,588), compressed or not. */
const MAX_BYTES = 900_000;
/** Offset, time, lengths and attributes of a record without headers, at most. */
const OVERHEAD_BYTES = 24;

/** How many of the first records make one request: at least one of any. They may all be of one partition. */
export function requestLength(records: readonly Content[]): number {
  let bytes = 0;
  for (const [index, { key, value }] of records.entries()) {
    bytes += (key?.length ?? 0) + (value?.length ?? 0) + OVERHEAD_BYTES;
    if (bytes > MAX_BYTES && index > 0) return index;
  }
  return records.length;
}

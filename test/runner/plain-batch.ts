/** A RecordBatch of plain records, for tests of what looks at nothing but its interface. */

import type { RecordBatch } from "../../src/model/batch.ts";
import type { KafkaRecord } from "../../src/model/record.ts";

const bytes = new TextEncoder();

/** A record of `orders/1` with this value; everything else is empty but for what `parts` say. */
export function plainRecord(value: string | null, offset = 0, parts: Partial<KafkaRecord> = {}): KafkaRecord {
  const encoded = value === null ? null : bytes.encode(value);
  return { topic: "orders", partition: 1, offset, timestamp: 0, key: null, value: encoded, headers: [], ...parts };
}

export interface PlainBatch extends RecordBatch {
  readonly released: boolean;
}

/** Records in order; `released` tells whether somebody gave the batch back. */
export function plainBatch(records: readonly KafkaRecord[]): PlainBatch {
  const at = (index: number) => {
    const record = records[index];
    if (record === undefined) throw new RangeError(`record ${index} of ${records.length}`);
    return record;
  };
  let released = false;
  return {
    topic: "orders",
    partition: 1,
    count: records.length,
    bytes: records.reduce((sum, { key, value }) => sum + (key?.byteLength ?? 0) + (value?.byteLength ?? 0), 0),
    nextOffset: (records.at(-1)?.offset ?? -1) + 1,
    firstTimestamp: records[0]?.timestamp ?? -1,
    timestamp: (index) => at(index).timestamp,
    offset: (index) => at(index).offset,
    record: at,
    release: () => {
      released = true;
    },
    get released() {
      return released;
    },
  };
}

/** Values at offsets 0, 1, ... */
export const plainBatchOf = (...values: readonly (string | null)[]): PlainBatch =>
  plainBatch(values.map((value, offset) => plainRecord(value, offset)));

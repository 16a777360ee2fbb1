/** Sides of a comparison that are in memory. */

import fc from "fast-check";
import type { ComparedRecord, ComparedSide } from "../../src/verify/compare-partition.ts";
import { type DecodedRecord, rawRecords } from "../../src/wire/decode-records.ts";
import { encodeBatches } from "../../src/wire/encode-batches.ts";

export const bytes = (text: string) => Buffer.from(text);

/** A record with a value of its own unless told otherwise. */
export function record(offset: number, parts: Partial<DecodedRecord> = {}): DecodedRecord {
  return { offset, timestamp: 1000 + offset, key: null, value: bytes(`value ${offset}`), headers: [], ...parts };
}

/** The record as a broker hands it out. */
export function raw(content: DecodedRecord): ComparedRecord {
  const [encoded] = encodeBatches([content]).flatMap((batch) => [...rawRecords(batch)]);
  if (encoded === undefined) throw new Error("a batch of one record has none");
  return encoded;
}

/** A side with these records, handed out in lists of `listLength`. */
export function side(
  records: readonly ComparedRecord[],
  options: { readonly end?: number; readonly listLength?: number } = {},
): ComparedSide {
  const { end = (records.at(-1)?.offset ?? -1) + 1, listLength = 3 } = options;
  return {
    end,
    async *read(from, to) {
      const inRange = records.filter(({ offset }) => offset >= from && offset < to);
      for (let at = 0; at < inRange.length; at += listLength) yield inRange.slice(at, at + listLength);
    },
  };
}

const content = fc.option(fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array)));
const headers = fc.array(fc.record({ name: fc.string({ maxLength: 3 }), value: content }), { maxLength: 2 });
const parts = fc.record({
  gap: fc.integer({ min: 0, max: 2 }),
  timestamp: fc.nat(),
  key: content,
  value: content,
  headers,
});

/** Records of a partition, with holes between some. */
export const partition: fc.Arbitrary<DecodedRecord[]> = fc.array(parts, { minLength: 1, maxLength: 20 }).map((list) => {
  let next = 0;
  return list.map(({ gap, ...rest }) => {
    const offset = next + gap;
    next = offset + 1;
    return { offset, ...rest };
  });
});

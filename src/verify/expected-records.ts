/** What a mirror should hold, given what its source holds. */

import type { FilterChain } from "../runner/filter-chain.ts";
import { DecodedBatch } from "../sources/decoded-batch.ts";
import { decodeBody, type RawRecord, rawRecords } from "../wire/decode-records.ts";
import { encodeBatches, type RecordToEncode } from "../wire/encode-batches.ts";
import type { ComparedRecord } from "./compare-partition.ts";

/**
 * Puts records through the filters. One that they drop or fail on stays in the list as withheld: whether the mapping stops
 * there or sets the record aside, it must not be at the destination.
 */
export async function* expectedRecords(
  lists: AsyncIterable<readonly RawRecord[]>,
  at: { readonly topic: string; readonly partition: number },
  filters: FilterChain,
): AsyncGenerator<readonly ComparedRecord[], void, undefined> {
  for await (const records of lists) {
    const batch = new DecodedBatch(at, records, (records.at(-1)?.offset ?? -1) + 1);
    const { edits } = await filters.apply(batch, leaveOut);
    if (edits === null) {
      yield records;
      continue;
    }
    const replacements: RecordToEncode[] = [];
    for (const [i, edit] of edits.entries()) {
      if (edit?.verb !== "replace") continue;
      const { offset, timestamp, body } = batch.raw(i);
      const { key, value, headers } = decodeBody(body);
      replacements.push({
        offset,
        timestamp,
        key: edit.key === undefined ? key : edit.key,
        value: edit.value === undefined ? value : edit.value,
        headers: edit.headers ?? headers,
      });
    }
    const encoded = asEncoded(replacements);
    yield records.map((record, i) => {
      const edit = edits[i] ?? null;
      if (edit === null) return record;
      return edit.verb === "drop" ? { ...record, withheld: true as const } : (encoded.get(record.offset) as RawRecord);
    });
  }
}

/** The records with the bytes that a mirror would write, by offset. */
function asEncoded(records: readonly RecordToEncode[]): ReadonlyMap<number, RawRecord> {
  const encoded = encodeBatches(records).flatMap((batch) => [...rawRecords(batch)]);
  return new Map(encoded.map((record) => [record.offset, record]));
}

async function leaveOut(): Promise<void> {}

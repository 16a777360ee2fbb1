/** Takes raw batches through the filters of a mapping; what no filter wants to see is not unpacked. */

import { StraitError } from "../model/errors.ts";
import type { MirrorBatch, MirrorPart } from "../sinks/mirror-batch.ts";
import { DecodedBatch } from "../sources/decoded-batch.ts";
import type { RawBatch } from "../sources/raw-batch.ts";
import { type RawRecord, rawRecords } from "../wire/decode-records.ts";
import type { RecordBatch } from "../wire/record-batch.ts";
import type { FilterChain, Quarantine } from "./filter-chain.ts";
import { keptEvidence } from "./tally.ts";

/** Counts the records from an offset on, and looks at nothing. */
export function passRawBatch(batch: RawBatch, from: number): MirrorBatch {
  let records = 0;
  for (const { batch: each } of batch.batches) {
    if (each === null) continue;
    records += each.baseOffset >= from ? each.count : recordsOf(each, from).length;
  }
  const parts = batch.batches.map((each): MirrorPart => ({ ...each, edited: null }));
  return { batch, parts, evidence: keptEvidence(records) };
}

/** Each takes some 700 bytes while filters are at it, however little is in it, and a megabyte may hold millions. */
const MOST_RECORDS = 2 << 20;

/** Runs the filters over the records from an offset on. Rejects as {@link FilterChain.apply} does, and with `record-too-large`. */
export async function filterRawBatch(
  batch: RawBatch,
  from: number,
  chain: FilterChain,
  quarantine: Quarantine | null,
): Promise<MirrorBatch> {
  const records = batch.batches.map(({ batch: each }) => {
    if (each === null) return [];
    if (each.count > MOST_RECORDS) throw unseen(`a record batch holds more than ${MOST_RECORDS} records`, each);
    return recordsOf(each, from);
  });
  // Filters may keep what they are shown, and of a batch that was not compressed that is the batch itself.
  if (batch.batches.some(({ batch: each }) => each?.codec === "none")) batch.leave();
  const decoded = new DecodedBatch(batch, records.flat(), batch.nextOffset);
  const { edits, evidence } = await chain.apply(decoded, quarantine);
  let done = 0;
  const parts = batch.batches.map((each, i): MirrorPart => {
    const ofPart = records[i] ?? [];
    const theirs = edits?.slice(done, done + ofPart.length) ?? [];
    done += ofPart.length;
    const changed = theirs.some((edit) => edit !== null);
    return { ...each, edited: changed ? { records: ofPart, edits: theirs } : null };
  });
  return { batch, parts, evidence };
}

function recordsOf(batch: RecordBatch, from: number): RawRecord[] {
  try {
    const records = [...rawRecords(batch)];
    return batch.baseOffset >= from ? records : records.filter(({ offset }) => offset >= from);
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "record-too-large") throw error;
    throw unseen(error.message, batch);
  }
}

function unseen(problem: string, { baseOffset }: RecordBatch): StraitError {
  return new StraitError("record-too-large", `${problem}, which filters do not look at`, { offset: baseOffset });
}

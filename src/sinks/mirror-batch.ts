/** What a mirror takes: raw batches, with what filters made of their records. */

import { StraitError } from "../model/errors.ts";
import type { Drop, Replace } from "../model/filter.ts";
import type { Evidence } from "../model/status.ts";
import type { RawBatch } from "../sources/raw-batch.ts";
import type { CommittedBatch } from "../wire/committed-batches.ts";
import type { Codec } from "../wire/compression.ts";
import { decodeBody, type RawRecord } from "../wire/decode-records.ts";
import { encodeBatches, type RecordToEncode, reencodeBatch } from "../wire/encode-batches.ts";
import type { RecordBatch } from "../wire/record-batch.ts";

/** The records of one batch of the source and, one for one, what happens to them: `null` where one stays as it is. */
export interface EditedRecords {
  readonly records: readonly RawRecord[];
  readonly edits: readonly (Replace | Drop | null)[];
}

export interface MirrorPart extends CommittedBatch {
  /** Null where no record of the batch changes: then nothing was unpacked, or nothing has to be packed again. */
  readonly edited: EditedRecords | null;
}

export interface MirrorBatch {
  readonly batch: RawBatch;
  /** In order of their offsets. */
  readonly parts: readonly MirrorPart[];
  readonly evidence: Evidence;
}

export interface PackingOptions {
  /** Offsets before this are at the destination already. */
  readonly from: number;
  /** What the destination takes as one batch; null where that is not known. */
  readonly maxBatchBytes: number | null;
  /** How to compress what has to be packed anew; null: as it was. */
  readonly codec: Codec | null;
}

/** What a broker takes by default (max.message.bytes), and the most that is packed anew into one batch. */
const MOST_BYTES = 1_048_588;

/**
 * The batches to produce for a part, without holes, each with its base offset; none where no record is to be there. A batch
 * that may go as it is, does. Throws `record-too-large` for a record that is more than `maxBatchBytes` by itself.
 */
export function packed(part: MirrorPart, { from, maxBatchBytes, codec }: PackingOptions): Iterable<RecordBatch> {
  const { batch, edited, nextOffset } = part;
  if (batch === null || nextOffset <= from) return [];
  const whole = batch.baseOffset >= from && (maxBatchBytes === null || batch.byteLength <= maxBatchBytes);
  if (edited === null && whole && batch.forwardable) return [batch];
  const options = { codec: codec ?? batch.codec, maxBytes: Math.min(MOST_BYTES, maxBatchBytes ?? MOST_BYTES) };
  const batches =
    edited === null
      ? reencodeBatch(batch, { from, ...options, codec: batch.codec })
      : encodeBatches(remaining(edited, from), options);
  for (const each of batches) requireFitting(each, maxBatchBytes);
  return batches;
}

/** What is left of the records from an offset on. */
function* remaining({ records, edits }: EditedRecords, from: number): Generator<RecordToEncode> {
  for (const [i, record] of records.entries()) {
    const edit = edits[i] ?? null;
    if (record.offset < from || edit?.verb === "drop") continue;
    yield edit === null ? record : replaced(record, edit);
  }
}

function replaced({ offset, timestamp, body }: RawRecord, edit: Replace): RecordToEncode {
  const content = decodeBody(body);
  const { key = content.key, value = content.value, headers = content.headers } = edit;
  return { offset, timestamp, key, value, headers };
}

function requireFitting({ byteLength, baseOffset }: RecordBatch, maxBatchBytes: number | null): void {
  if (maxBatchBytes === null || byteLength <= maxBatchBytes) return;
  const message = `the record at offset ${baseOffset} takes ${byteLength} bytes and the destination topic allows ${maxBatchBytes}: raise its max.message.bytes, then pause and resume the mapping`;
  throw new StraitError("record-too-large", message, { offset: baseOffset });
}

/** The batches in the bytes of a Fetch answer, checked as far as that costs nothing. */

import { StraitError } from "../model/errors.ts";
import { offsetFromBigInt } from "../model/offset.ts";
import { LAYOUT, RecordBatch } from "./record-batch.ts";

/** A message, or several compressed as one, of a format from before Kafka 0.11. */
export interface OldMessage {
  readonly magic: 0 | 1;
  /** The offset of the last message in it. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What of an old message is there without any content: CRC, magic, attributes and two lengths. */
const SHORTEST_OLD = LAYOUT.lengthEnd + 14;

/**
 * Splits what a broker sent, without copying. A last batch that is cut off is left out, also if it is the only one.
 * Throws `kafka` on reaching what is no batch at all.
 */
export function* splitBatches(bytes: Buffer): Generator<RecordBatch | OldMessage, void, undefined> {
  for (let start = 0; start + LAYOUT.crc <= bytes.length; ) {
    const magic = bytes.readInt8(start + LAYOUT.magic);
    const length = LAYOUT.lengthEnd + bytes.readInt32BE(start + LAYOUT.length);
    if (magic < 0 || magic > 2) throw malformed(start, `has the unknown format ${magic}`);
    if (length < (magic === 2 ? LAYOUT.records : SHORTEST_OLD)) throw malformed(start, "is shorter than its header");
    const end = start + length;
    if (end > bytes.length) return;
    const view = bytes.subarray(start, end);
    const offset = offsetFromBigInt(view.readBigInt64BE(LAYOUT.baseOffset));
    if (offset < 0) throw malformed(start, "has a negative offset");
    if (magic === 2) {
      const batch = new RecordBatch(view);
      const { count, lastOffsetDelta } = batch;
      if (count < 0 || lastOffsetDelta < 0 || count > lastOffsetDelta + 1) {
        throw malformed(start, `claims ${count} records in ${lastOffsetDelta + 1} offsets`);
      }
      yield batch;
    } else {
      yield { magic: magic === 0 ? 0 : 1, offset, bytes: view };
    }
    start = end;
  }
}

function malformed(at: number, problem: string): StraitError {
  return new StraitError("kafka", `the record batch at byte ${at} of a Fetch answer ${problem}`);
}

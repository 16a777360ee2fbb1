/** From encoded records to a batch. */

import { CODECS, type Codec, compress } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { LAYOUT, RecordBatch } from "./record-batch.ts";

export interface BatchFacts {
  readonly baseOffset: number;
  readonly count: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
}

/**
 * Makes a batch of records whose offsets have no holes. `bytes` has them encoded behind `LAYOUT.records` bytes of room
 * for the header; the batch may use it. Content that compression does not make smaller stays uncompressed.
 */
export function sealBatch(bytes: Buffer, facts: BatchFacts, codec: Codec): RecordBatch {
  const content = bytes.subarray(LAYOUT.records);
  const compressed = compress(codec, content);
  const smaller = compressed.length < content.length;
  const batch = smaller ? Buffer.concat([Buffer.alloc(LAYOUT.records), compressed]) : bytes;
  batch.writeBigInt64BE(BigInt(facts.baseOffset), LAYOUT.baseOffset);
  batch.writeInt32BE(batch.length - LAYOUT.lengthEnd, LAYOUT.length);
  batch.writeInt32BE(-1, LAYOUT.leaderEpoch);
  batch.writeInt8(2, LAYOUT.magic);
  batch.writeInt16BE(smaller ? CODECS.indexOf(codec) : 0, LAYOUT.attributes);
  batch.writeInt32BE(facts.count - 1, LAYOUT.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(facts.firstTimestamp), LAYOUT.firstTimestamp);
  batch.writeBigInt64BE(BigInt(facts.maxTimestamp), LAYOUT.maxTimestamp);
  batch.writeBigInt64BE(-1n, LAYOUT.producerId);
  batch.writeInt16BE(-1, LAYOUT.producerEpoch);
  batch.writeInt32BE(-1, LAYOUT.baseSequence);
  batch.writeInt32BE(facts.count, LAYOUT.count);
  batch.writeUInt32BE(crc32c(batch.subarray(LAYOUT.attributes)), LAYOUT.crc);
  return new RecordBatch(batch);
}

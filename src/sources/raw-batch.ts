/** What one Fetch answer has of a partition: record batches as the bytes they are. */

import type { SourceBatch } from "../model/batch.ts";
import type { CommittedBatch } from "../wire/committed-batches.ts";

export interface RawBatchOptions {
  readonly topic: string;
  readonly partition: number;
  /** In order, at least one. Their bytes may be written to: nobody else has them. */
  readonly batches: readonly CommittedBatch[];
  /** Called once, when the memory is not needed any more. */
  readonly onRelease: () => void;
}

export class RawBatch implements SourceBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly CommittedBatch[];
  readonly count: number;
  readonly bytes: number;
  readonly nextOffset: number;
  readonly firstTimestamp: number;
  readonly #onRelease: () => void;
  #released = false;

  constructor({ topic, partition, batches, onRelease }: RawBatchOptions) {
    this.topic = topic;
    this.partition = partition;
    this.batches = batches;
    this.nextOffset = batches.at(-1)?.nextOffset ?? 0;
    this.#onRelease = onRelease;
    let count = 0;
    let bytes = 0;
    let firstTimestamp = -1;
    for (const { batch } of batches) {
      if (batch === null) continue;
      if (count === 0) firstTimestamp = batch.logAppendTime ? batch.maxTimestamp : batch.firstTimestamp;
      count += batch.count;
      bytes += batch.byteLength;
    }
    this.count = count;
    this.bytes = bytes;
    this.firstTimestamp = firstTimestamp;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease();
  }
}

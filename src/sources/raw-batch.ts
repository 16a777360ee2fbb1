/** What one Fetch answer has of a partition: record batches as the bytes they are. */

import type { SourceBatch } from "../model/batch.ts";
import type { AnswerLease } from "../wire/answer-memory.ts";
import type { CommittedBatch } from "../wire/committed-batches.ts";

export interface RawBatchOptions {
  readonly topic: string;
  readonly partition: number;
  /** In order, at least one. Their bytes may be written to: nobody else has them. */
  readonly batches: readonly CommittedBatch[];
  /** Holds the memory they lie in. */
  readonly lease: AnswerLease;
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
  readonly #lease: AnswerLease;
  readonly #onRelease: () => void;
  #released = false;

  constructor({ topic, partition, batches, lease, onRelease }: RawBatchOptions) {
    this.topic = topic;
    this.partition = partition;
    this.batches = batches;
    this.nextOffset = batches.at(-1)?.nextOffset ?? 0;
    this.#lease = lease;
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

  /**
   * To be called where somebody may read its bytes after its release: a request that is not answered, a filter that keeps
   * what it was shown. Its memory is not used again then.
   */
  leave(): void {
    this.#lease.spoil();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease();
  }
}

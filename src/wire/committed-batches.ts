/** Which of the batches in a Fetch answer a committed reader gets. */

import { StraitError } from "../model/errors.ts";
import type { AbortedTransaction, FetchedPartition } from "./fetch.ts";
import type { RecordBatch } from "./record-batch.ts";
import { type OldMessage, splitBatches } from "./split-batches.ts";

/** A batch with records, or only the word that everything before `nextOffset` was looked at. */
export interface CommittedBatch {
  /** `null` where there was a control batch or one of an aborted transaction. */
  readonly batch: RecordBatch | null;
  readonly nextOffset: number;
}

/**
 * The batches of a partition fetched with `read_committed`, in order, without those of aborted transactions. Throws
 * `kafka` for bytes that are no batches and for a format from before Kafka 0.11, which topics written since never have.
 */
export function* committedBatches(
  fetched: Pick<FetchedPartition, "topic" | "partition" | "records" | "aborted">,
): Generator<CommittedBatch, void, undefined> {
  const ongoing = new Set<bigint>();
  const aborted: AbortedTransaction[] = [...fetched.aborted];
  for (const batch of splitBatches(fetched.records)) {
    if (batch.magic !== 2) throw oldFormat(fetched.topic, fetched.partition, batch);
    const { lastOffset } = batch;
    while (aborted[0] !== undefined && aborted[0].firstOffset <= lastOffset) {
      ongoing.add(aborted[0].producerId);
      aborted.shift();
    }
    const hidden = batch.control || (batch.transactional && ongoing.has(batch.producerId));
    if (batch.control) ongoing.delete(batch.producerId);
    yield { batch: hidden || batch.count === 0 ? null : batch, nextOffset: lastOffset + 1 };
  }
}

function oldFormat(topic: string, partition: number, { magic, offset }: OldMessage): StraitError {
  return new StraitError(
    "kafka",
    `${topic}/${partition} has messages of format ${magic} at offset ${offset}, from before Kafka 0.11: copy the topic to a new one with a current client first`,
    { topic, partition, offset },
  );
}

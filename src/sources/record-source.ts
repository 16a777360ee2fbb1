/** Reads the records of a partition through librdkafka: the source for mappings with filters and for mode append. */

import type { Observable } from "rxjs";
import type { RecordBatch } from "../model/batch.ts";
import type { PartitionReader, RecordReader } from "../rdkafka/reader.ts";
import type { TopicPartition } from "../rdkafka/topic-partitions.ts";

/** Enough to spread the cost of a batch, few enough that filters do not hold the event loop for long. */
const MAX_BATCH_RECORDS = 1000;

export class RecordSource {
  readonly #reader: PartitionReader;
  #position: number;

  constructor(reader: RecordReader, partition: TopicPartition, offset: number) {
    this.#reader = reader.open(partition, offset);
    this.#position = offset;
  }

  get ready$(): Observable<void> {
    return this.#reader.ready$;
  }

  /** The next records in order, or a batch of none where the position moved past markers; null if nothing is there. */
  next(): RecordBatch | null {
    const batch = this.#reader.read(MAX_BATCH_RECORDS);
    // Reaching the end again says nothing new.
    if (batch === null || batch.nextOffset <= this.#position) return null;
    this.#position = batch.nextOffset;
    return batch;
  }

  close(): void {
    this.#reader.close();
  }
}

/** Runs of records of one partition, the unit every source hands out and every sink takes. */

import type { Drop, Replace } from "./filter.ts";
import type { KafkaRecord } from "./record.ts";
import type { Evidence } from "./status.ts";

/** What the pipeline knows of a batch, whatever is in it. */
export interface SourceBatch {
  readonly topic: string;
  readonly partition: number;
  /** How many records; 0 in a batch that only tells that `nextOffset` moved (markers and aborted records were passed). */
  readonly count: number;
  /** Bytes of its content, which back-pressure counts. */
  readonly bytes: number;
  /** The source offset to go on at once this batch is at the destination. */
  readonly nextOffset: number;
  /** Timestamp of the first record, milliseconds; -1 in an empty batch. */
  readonly firstTimestamp: number;
  /** Gives the memory back. Twice is fine. */
  release(): void;
}

/** A batch whose records can be looked at, as filters do. */
export interface RecordBatch extends SourceBatch {
  timestamp(index: number): number;
  offset(index: number): number;
  /** The record with bytes of its own: they may be kept after `release`. Headers must be read before. */
  record(index: number): KafkaRecord;
}

/** What the filters decided: `null` where a record stays as it is. `null` instead of the list: all stay. */
export type Edits = readonly (Replace | Drop | null)[] | null;

/** A batch that went through the filters. */
export interface FilteredBatch<Batch extends SourceBatch = RecordBatch> {
  readonly batch: Batch;
  readonly edits: Edits;
  /** What the filters did with its records. */
  readonly evidence: Evidence;
}

/** A sink's word that everything before `nextOffset` is at the destination for good. */
export interface Acknowledgement {
  readonly nextOffset: number;
  /** Source records and bytes this adds to what was acknowledged before. */
  readonly records: number;
  readonly bytes: number;
  readonly evidence: Evidence;
  /** Records by the timestamp of the first record of their batch, for the latency histogram. */
  readonly ages: readonly { readonly timestamp: number; readonly records: number }[];
}

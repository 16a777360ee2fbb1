/**
 * Appends batches to a topic exactly once: records and the source position are committed in one transaction on the
 * destination. There is one transactional id per source partition, so whoever opens a partition shuts out every earlier
 * writer of it, however late that one wakes up.
 */

import { Observable } from "rxjs";
import type { Acknowledgement, FilteredBatch } from "../model/batch.ts";
import { addEvidence, NO_EVIDENCE } from "../model/evidence.ts";
import type { Evidence } from "../model/status.ts";
import type { MessageBatch } from "../rdkafka/message-batch.ts";
import type { Destination, Producer } from "../rdkafka/producer.ts";

/** How long a transaction collects: the price of exactly once in latency, and the bound on transactions per second. */
const COMMIT_INTERVAL_MS = 100;
/** A transaction this large is committed at once: half a window, so that reading goes on meanwhile. */
const COMMIT_BYTES = 2 * 1024 * 1024;
/** How long the brokers may take for one step before the partition starts over. */
const STEP_TIMEOUT_MS = 30_000;

export interface AppendOptions {
  /** A transactional producer of this partition's own, initialised. */
  readonly producer: Producer;
  readonly destination: Destination;
  /** The key of the committed position: see offset-store.ts. */
  readonly group: string;
  readonly offsetTopic: string;
  readonly partition: number;
  /** What was counted up to the position this starts at. */
  readonly evidence: Evidence;
  /** The text to commit beside a position. */
  readonly describe: (evidence: Evidence) => string;
}

/** What the open transaction holds. */
interface Open {
  nextOffset: number;
  records: number;
  bytes: number;
  evidence: Evidence;
  readonly ages: { timestamp: number; records: number }[];
}

/**
 * Takes filtered batches in order and emits what has been committed. Errors end it; the producer is then of no use. When
 * the batches end, also with an error, what came before is committed first. Unsubscribing leaves an open transaction to be
 * aborted by the next producer of the same id.
 */
export function appendSink(
  options: AppendOptions,
): (batches$: Observable<FilteredBatch>) => Observable<Acknowledgement> {
  const { producer, destination, group, offsetTopic, partition } = options;
  return (batches$) =>
    new Observable((subscriber) => {
      let total = options.evidence;
      let open: Open | null = null;
      let committing = false;
      /** Ends the stream as the batches ended; null while more may come. */
      let end: (() => void) | null = null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      // Bounded by the window of whoever feeds this sink.
      const waiting: FilteredBatch[] = [];

      const write = (filtered: FilteredBatch) => {
        const { batch } = filtered;
        try {
          if (open === null) {
            producer.beginTransaction();
            open = { nextOffset: 0, records: 0, bytes: 0, evidence: NO_EVIDENCE, ages: [] };
            timer = setTimeout(() => void commit(), COMMIT_INTERVAL_MS);
          }
          producer.enqueue(batch as MessageBatch, filtered.edits, destination);
        } finally {
          batch.release();
        }
        open.nextOffset = batch.nextOffset;
        open.records += batch.count;
        open.bytes += batch.bytes;
        open.evidence = addEvidence(open.evidence, filtered.evidence);
        if (batch.count > 0) open.ages.push({ timestamp: batch.firstTimestamp, records: batch.count });
        if (open.bytes >= COMMIT_BYTES) void commit();
      };

      const serve = () => {
        try {
          while (!committing && waiting.length > 0) write(waiting.shift() as FilteredBatch);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        if (end === null || committing) return;
        if (open !== null) void commit();
        else end();
      };

      const commit = async () => {
        clearTimeout(timer);
        if (open === null || committing || subscriber.closed) return;
        const done = open;
        committing = true;
        try {
          const evidence = addEvidence(total, done.evidence);
          const position = {
            topic: offsetTopic,
            partition,
            offset: done.nextOffset,
            metadata: options.describe(evidence),
          };
          await producer.sendOffsets(group, [position], STEP_TIMEOUT_MS);
          await producer.commitTransaction(STEP_TIMEOUT_MS);
          total = evidence;
        } catch (error) {
          subscriber.error(error);
          return;
        }
        open = null;
        committing = false;
        subscriber.next(done);
        serve();
      };

      const subscription = batches$.subscribe({
        next: (filtered) => {
          waiting.push(filtered);
          serve();
        },
        error: (error) => {
          end = () => subscriber.error(error);
          serve();
        },
        complete: () => {
          end = () => subscriber.complete();
          serve();
        },
      });
      return () => {
        clearTimeout(timer);
        subscription.unsubscribe();
        for (const { batch } of waiting.splice(0)) batch.release();
      };
    });
}

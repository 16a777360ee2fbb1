/**
 * Appends batches to a topic at least once, for destinations without transactions: an idempotent producer, and the source
 * position committed after the records are acknowledged. After a crash the records since the last commit come again.
 */

import { Observable } from "rxjs";
import type { Acknowledgement, FilteredBatch } from "../model/batch.ts";
import { addEvidence } from "../model/evidence.ts";
import type { Evidence } from "../model/status.ts";
import type { MessageBatch } from "../rdkafka/message-batch.ts";
import type { Destination } from "../rdkafka/producer.ts";
import type { SharedProducer } from "./shared-producer.ts";

/** How often positions are committed: what may come again after a crash. */
const COMMIT_INTERVAL_MS = 500;

export interface PlainAppendOptions {
  /** Shared by all partitions of a link. */
  readonly producer: SharedProducer;
  readonly destination: Destination;
  /** What was counted up to the position this starts at. */
  readonly evidence: Evidence;
  /** The text to commit beside a position. */
  readonly describe: (evidence: Evidence) => string;
  /** Commits a position with its metadata at the destination; rejects when it could not. */
  readonly commit: (offset: number, metadata: string) => Promise<void>;
}

interface InFlight {
  readonly acknowledgement: Acknowledgement;
  delivered: boolean;
}

/** As appendSink, but emits as soon as the records are written; positions follow within half a second and on completion. */
export function appendSinkPlain(
  options: PlainAppendOptions,
): (batches$: Observable<FilteredBatch>) => Observable<Acknowledgement> {
  return (batches$) =>
    new Observable((subscriber) => {
      let total = options.evidence;
      let written: number | null = null;
      let committed: number | null = null;
      let committing = false;
      /** Ends the stream as the batches ended; null while more may come. */
      let end: (() => void) | null = null;
      // In source order: only a prefix that is delivered whole counts.
      const inFlight: InFlight[] = [];

      const commit = async () => {
        if (committing || subscriber.closed) return;
        if (written !== null && written !== committed) {
          committing = true;
          const position = written;
          try {
            await options.commit(position, options.describe(total));
          } catch (error) {
            subscriber.error(error);
            return;
          }
          committed = position;
          committing = false;
        }
        if (end === null || inFlight.length > 0) return;
        if (written === committed) end();
        else await commit();
      };

      const settle = () => {
        while (inFlight[0]?.delivered) {
          const { acknowledgement } = inFlight.shift() as InFlight;
          total = addEvidence(total, acknowledgement.evidence);
          written = acknowledgement.nextOffset;
          subscriber.next(acknowledgement);
        }
        if (end !== null && inFlight.length === 0) void commit();
      };

      const write = ({ batch, edits, evidence }: FilteredBatch) => {
        const entry: InFlight = {
          acknowledgement: {
            nextOffset: batch.nextOffset,
            records: batch.count,
            bytes: batch.bytes,
            evidence,
            ages: batch.count === 0 ? [] : [{ timestamp: batch.firstTimestamp, records: batch.count }],
          },
          delivered: false,
        };
        inFlight.push(entry);
        options.producer.send(batch as MessageBatch, edits, options.destination).then(
          () => {
            entry.delivered = true;
            settle();
          },
          (error) => subscriber.error(error),
        );
        batch.release();
      };

      const timer = setInterval(() => void commit(), COMMIT_INTERVAL_MS);
      const subscription = batches$.subscribe({
        next: write,
        error: (error) => {
          end = () => subscriber.error(error);
          settle();
        },
        complete: () => {
          end = () => subscriber.complete();
          settle();
        },
      });
      return () => {
        clearInterval(timer);
        subscription.unsubscribe();
      };
    });
}

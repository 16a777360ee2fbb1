/**
 * Writes batches to a mirror partition at the offsets of the source, with several requests under way, and takes up the
 * offsets in between that no record has.
 */

import { Observable } from "rxjs";
import type { Acknowledgement } from "../model/batch.ts";
import { StraitError } from "../model/errors.ts";
import { addEvidence } from "../model/evidence.ts";
import type { Evidence } from "../model/status.ts";
import type { Codec } from "../wire/compression.ts";
import { type MirrorBatch, packed } from "./mirror-batch.ts";
import type { MirrorLog } from "./mirror-log.ts";

export interface MirrorSinkOptions {
  readonly log: MirrorLog;
  readonly maxBatchBytes: number | null;
  readonly codec: Codec | null;
  /** What was counted before the first batch. */
  readonly evidence: Evidence;
  /** Told how far the mirror is, with what was counted up to there. */
  readonly note: (nextOffset: number, evidence: Evidence) => void;
  /** Commits what was noted; rejects when it could not. */
  readonly flush: () => Promise<void>;
  /** Told how a long hole is coming along; null when it is filled. */
  readonly progress: (text: string | null) => void;
  /** Default 30,000. */
  readonly idleCheckMs?: number;
}

/** How often a mirror to which nothing comes is looked at: somebody else may have written to it. */
const IDLE_CHECK_MS = 30_000;
/** Filling fewer offsets is not worth mentioning. */
const LONG_HOLE = 50_000;

/**
 * Takes batches in order and emits what is acknowledged, in order. Where the mirror is ahead of the first batches only
 * their evidence is taken: that of a crash is counted again, not written again. Errors end it. When the batches end, also
 * with an error, what came before is finished and noted first.
 */
export function mirrorSink(
  options: MirrorSinkOptions,
): (batches$: Observable<MirrorBatch>) => Observable<Acknowledgement> {
  const { log, maxBatchBytes, codec, progress } = options;
  return (batches$) =>
    new Observable((subscriber) => {
      let evidence = options.evidence;
      /** Ends the stream as the batches ended; null while more may come. */
      let end: (() => void) | null = null;
      let working = false;
      let writing: MirrorBatch | null = null;
      // Bounded by the window of whoever feeds this sink.
      const waiting: MirrorBatch[] = [];

      const fill = async (to: number) => {
        const from = log.end;
        const long = to - from >= LONG_HOLE;
        await log.fill(to, (at) => {
          if (long)
            progress(`taking up offsets ${from} to ${to} that have no records: ${percent(at - from, to - from)}`);
        });
        if (long) progress(null);
      };

      const acknowledge = (filtered: MirrorBatch) => {
        const { batch } = filtered;
        batch.release();
        if (subscriber.closed) return;
        evidence = addEvidence(evidence, filtered.evidence);
        options.note(batch.nextOffset, evidence);
        subscriber.next({
          nextOffset: batch.nextOffset,
          records: batch.count,
          bytes: batch.bytes,
          evidence: filtered.evidence,
          ages: batch.count === 0 ? [] : [{ timestamp: batch.firstTimestamp, records: batch.count }],
        });
      };

      /** Resolves when the batch is sent, and then more may be; `acknowledge` follows. */
      const write = async (filtered: MirrorBatch) => {
        for (const part of filtered.parts) {
          for (const piece of packed(part, { from: log.end, maxBatchBytes, codec })) {
            if (piece.baseOffset > log.end) await fill(piece.baseOffset);
            await log.ready();
            // Whoever opens the partition next goes on here.
            if (subscriber.closed) throw new StraitError("closed", "nobody listens any more");
            log.append(piece).catch(() => {}); // `settled` tells of it
          }
        }
        // At once and not with what follows, which may take long to come: what is copied is to be seen as copied.
        if (filtered.batch.nextOffset > log.end) await fill(filtered.batch.nextOffset);
        log.settled().then(
          () => acknowledge(filtered),
          (error) => {
            abandon(filtered);
            fail(error);
          },
        );
      };

      /** What was sent and is not acknowledged may still wait to be written out. */
      const abandon = ({ batch }: MirrorBatch) => {
        batch.leave();
        batch.release();
      };

      const fail = (error: unknown) => subscriber.error(error);

      const work = async () => {
        if (working) return;
        working = true;
        try {
          for (let next = waiting.shift(); next !== undefined && !subscriber.closed; next = waiting.shift()) {
            writing = next;
            await write(next);
          }
          writing = null;
          working = false;
          if (end === null || waiting.length > 0 || subscriber.closed) return;
          await log.settled();
          await options.flush();
          end();
        } catch (error) {
          if (writing !== null) abandon(writing);
          fail(error);
        }
      };

      const isIdle = () => !working && waiting.length === 0;
      const idleCheck = setInterval(() => {
        if (!isIdle()) return;
        log.requireEnd().catch((error) => {
          // What came in the meantime finds out by itself.
          if (isIdle()) fail(error);
        });
      }, options.idleCheckMs ?? IDLE_CHECK_MS);

      const subscription = batches$.subscribe({
        next: (filtered) => {
          waiting.push(filtered);
          void work();
        },
        error: (error) => {
          end = () => subscriber.error(error);
          void work();
        },
        complete: () => {
          end = () => subscriber.complete();
          void work();
        },
      });
      return () => {
        clearInterval(idleCheck);
        subscription.unsubscribe();
        for (const { batch } of waiting.splice(0)) batch.release();
      };
    });
}

const percent = (part: number, whole: number) => `${Math.floor((part / whole) * 100)} %`;

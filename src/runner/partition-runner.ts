/** One partition of a mapping over its life in this runner: started, paused, retried, failed, and what is known of it. */

import { finalize, ReplaySubject, retry, type Subscription, takeUntil, throwError, timer } from "rxjs";
import type { Acknowledgement } from "../model/batch.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import { addEvidence, NO_EVIDENCE } from "../model/evidence.ts";
import type { PartitionState, PartitionStatus } from "../model/status.ts";
import { backoffMs } from "./backoff.ts";
import { type CopyOptions, copyPartition } from "./copy-partition.ts";
import type { EvidenceLedger } from "./evidence-ledger.ts";

/** How long a partition may take to finish what is under way before it is cut off; the next opening repeats it. */
const DRAIN_MS = 4000;

export interface PartitionRunnerOptions extends Pick<CopyOptions, "open"> {
  readonly mapping: string;
  readonly topic: string;
  readonly partition: number;
  readonly destinationTopic: string;
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
}

export class PartitionRunner {
  readonly #options: PartitionRunnerOptions;
  #state: PartitionState = "paused";
  #reason: string | null = null;
  #nextOffset: number | null = null;
  #evidence = NO_EVIDENCE;
  #ledger: EvidenceLedger | null = null;
  #records = 0;
  #bytes = 0;
  /** In a row, without anything acknowledged between them. */
  #failures = 0;
  /** When something last began or went on, milliseconds since the epoch. */
  #movedAt = 0;
  /** Timestamps of what was read and is not acknowledged: the first of each batch, in order. */
  readonly #pending: { nextOffset: number; timestamp: number }[] = [];
  /** Whether it was started again while a stop was under way. */
  #restart = false;
  #running: { stop$: ReplaySubject<void>; subscription: Subscription; ended: Promise<void> } | undefined;

  constructor(options: PartitionRunnerOptions) {
    this.#options = options;
  }

  get nextOffset(): number | null {
    return this.#nextOffset;
  }

  status(): PartitionStatus {
    const { mapping, topic, partition, destinationTopic } = this.#options;
    return {
      mapping,
      topic,
      partition,
      destinationTopic,
      state: this.#state,
      reason: this.#reason ?? this.#ledger?.problem ?? null,
      nextOffset: this.#nextOffset,
      oldestPendingTimestamp: this.#pending[0]?.timestamp ?? null,
      records: this.#records,
      bytes: this.#bytes,
      evidence: this.#evidence,
      chain: this.#ledger?.state ?? null,
    };
  }

  /** Since when it waits for a cluster: to open, or to acknowledge what was read. Null while it waits for nothing. */
  get waitingSince(): number | null {
    const waits = this.#state === "seeding" || this.#state === "retrying" || this.#pending.length > 0;
    return waits && this.#running ? this.#movedAt : null;
  }

  /** Starts copying, unless it already does; while it stops, as soon as that is over. Also the way out of `failed`. */
  start(): void {
    this.#restart = this.#running !== undefined;
    if (this.#running) return;
    this.#failures = 0;
    this.#movedAt = Date.now();
    const stop$ = new ReplaySubject<void>(1);
    const ended = Promise.withResolvers<void>();
    this.#become("seeding", null);
    const subscription = this.#copy(stop$)
      .pipe(finalize(() => ended.resolve()))
      .subscribe({
        next: (acknowledgement) => this.#acknowledge(acknowledgement),
        error: (error) => {
          this.#running = undefined;
          this.#become(
            error instanceof StraitError && error.code === "diverged" ? "diverged" : "failed",
            messageOf(error),
          );
        },
      });
    this.#running = { stop$, subscription, ended: ended.promise };
  }

  /**
   * Finishes what is under way, at most for the drain time, and stops. Resolves when nothing of it runs any more; a start
   * in the meantime is made up for then.
   */
  async stop(): Promise<void> {
    this.#restart = false;
    const running = this.#running;
    if (running) {
      running.stop$.next();
      const cutOff = setTimeout(() => running.subscription.unsubscribe(), DRAIN_MS);
      await running.ended;
      clearTimeout(cutOff);
      // Stopped twice, and the other stop has started it again.
      if (this.#running !== undefined && this.#running !== running) return;
      this.#running = undefined;
    }
    this.#become("paused", null);
    if (this.#restart) this.start();
  }

  #copy(stop$: ReplaySubject<void>) {
    const attempt = copyPartition({
      open: this.#options.open,
      progress: (text) => this.#progress(text),
      reading: ({ count, nextOffset, firstTimestamp }) => {
        if (this.#pending.length === 0) this.#movedAt = Date.now();
        if (count > 0) this.#pending.push({ nextOffset, timestamp: firstTimestamp });
      },
      opened: (lane) => {
        this.#nextOffset = lane.nextOffset;
        this.#evidence = lane.evidence;
        this.#ledger = lane.ledger;
        this.#become("running", null);
      },
      stop$,
    });
    return attempt.pipe(
      finalize(() => this.#pending.splice(0)),
      retry({
        delay: (error) => {
          if (!isWorthAnother(error, this.#failures)) return throwError(() => error);
          this.#become("retrying", messageOf(error));
          return timer(backoffMs(++this.#failures)).pipe(takeUntil(stop$));
        },
      }),
    );
  }

  #acknowledge(acknowledgement: Acknowledgement): void {
    const { nextOffset, records, bytes, evidence } = acknowledgement;
    this.#movedAt = Date.now();
    // What is only counted again after a crash lies before what is at the destination.
    if (nextOffset > (this.#nextOffset ?? 0)) {
      this.#failures = 0;
      this.#nextOffset = nextOffset;
    }
    this.#records += records;
    this.#bytes += bytes;
    this.#evidence = addEvidence(this.#evidence, evidence);
    while (this.#pending[0] !== undefined && this.#pending[0].nextOffset <= nextOffset) this.#pending.shift();
    this.#options.acknowledged(acknowledgement);
  }

  /** Something that takes long goes on: whoever waits is told how far it is, and no cluster is suspected of hanging. */
  #progress(text: string | null): void {
    this.#movedAt = Date.now();
    this.#reason = text;
  }

  #become(state: PartitionState, reason: string | null): void {
    this.#state = state;
    this.#reason = reason;
  }
}

/** Whether opening again may help, which also finds out what happened where a broker has said little. */
function isWorthAnother(error: unknown, failures: number): boolean {
  if (!(error instanceof StraitError) || error.retriable || error.code === "offset-out-of-range") return true;
  // Since it was opened the destination may have been made to take larger ones.
  return error.code === "record-too-large" && failures === 0;
}

/**
 * The one rule of back-pressure: a partition is read only while less than a window of it is unacknowledged. Nothing else
 * in strait buffers, so memory is bounded by partitions times window.
 */

import { Observable, Subscription } from "rxjs";

/** Something to read batches from without waiting. */
export interface PullSource<Batch> {
  /** The next batch in order, or null if there is none yet. Throws when the source is over. */
  next(): Batch | null;
  /** Emits when `next` may have something again after it returned null. */
  readonly ready$: Observable<unknown>;
}

export interface PullOptions<Batch> {
  /** What a batch takes up, in bytes. */
  readonly cost: (batch: Batch) => number;
  /** Emits the costs that were acknowledged. */
  readonly acknowledged$: Observable<number>;
  /** How much may be unacknowledged before reading stops. One batch may overshoot it, so that any batch gets through. */
  readonly windowBytes: number;
  /**
   * Emits once at the next turn of the event loop. There is one turn between batches, so that other partitions, timers
   * and the heartbeat get theirs.
   */
  readonly turn: () => Observable<unknown>;
}

/** Reads `source` within the window. Each subscription counts for itself; errors of the source are the stream's. */
export function pull<Batch>(source: PullSource<Batch>, options: PullOptions<Batch>): Observable<Batch> {
  return new Observable((subscriber) => {
    let unacknowledged = 0;
    let turnTaken = false;

    const read = () => {
      if (turnTaken || subscriber.closed || unacknowledged >= options.windowBytes) return;
      let batch: Batch | null;
      try {
        batch = source.next();
      } catch (error) {
        subscriber.error(error);
        return;
      }
      if (batch === null) return;
      unacknowledged += options.cost(batch);
      turnTaken = true;
      subscriptions.add(
        options.turn().subscribe(() => {
          turnTaken = false;
          read();
        }),
      );
      subscriber.next(batch);
    };

    const subscriptions = new Subscription();
    subscriptions.add(
      options.acknowledged$.subscribe((cost) => {
        unacknowledged -= cost;
        read();
      }),
    );
    subscriptions.add(
      source.ready$.subscribe({
        next: read,
        error: (error) => subscriber.error(error),
      }),
    );
    read();
    return subscriptions;
  });
}

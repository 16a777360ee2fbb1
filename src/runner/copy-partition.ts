/** The pipeline of one partition: source, filters, sink, and the acknowledgements that let the source go on. */

import { concatMap, defer, filter as filterValues, finalize, Observable, Subject, takeUntil, tap } from "rxjs";
import type { Acknowledgement, FilteredBatch, RecordBatch } from "../model/batch.ts";
import type { Lane } from "./partition-lane.ts";
import { pull } from "./pull.ts";
import { withResource } from "./with-resource.ts";

/** What a partition may have unacknowledged. */
const WINDOW_BYTES = 4 * 1024 * 1024;
/** What a record takes up beside its key and value, so that empty ones count too (measured with librdkafka 2.15). */
const RECORD_OVERHEAD_BYTES = 100;

export interface CopyOptions {
  readonly open: () => Promise<Lane>;
  /** Told where the partition begins, before anything is read. */
  readonly opened: (lane: Lane) => void;
  readonly filter: (batch: RecordBatch) => Promise<FilteredBatch>;
  /** Emits when no more is to be read: what is under way is finished and committed, then the stream completes. */
  readonly stop$: Observable<unknown>;
}

/** Copies until stopped and emits what is at the destination for good. Errors end it; opening again goes on from there. */
export function copyPartition({ open, opened, filter, stop$ }: CopyOptions): Observable<Acknowledgement> {
  return defer(() => {
    let opening = true;
    const copied$ = withResource(open, (lane) => {
      opening = false;
      opened(lane);
      return copyThrough(lane, filter, stop$);
    });
    // Before anything was read there is nothing to finish, and opening may take long where a cluster is down.
    return copied$.pipe(takeUntil(stop$.pipe(filterValues(() => opening))));
  });
}

function copyThrough(lane: Lane, filter: CopyOptions["filter"], stop$: Observable<unknown>) {
  const acknowledged$ = new Subject<number>();
  // What waits for the filters or is in them; the sink gives back what came through.
  const held = new Set<RecordBatch>();
  return pull(lane.source, {
    cost: (batch) => cost(batch.bytes, batch.count),
    acknowledged$,
    windowBytes: WINDOW_BYTES,
    turn: nextTurn,
  }).pipe(
    takeUntil(stop$),
    tap((batch) => held.add(batch)),
    concatMap(filter),
    tap(({ batch }) => held.delete(batch)),
    lane.sink,
    tap(({ bytes, records }) => acknowledged$.next(cost(bytes, records))),
    finalize(() => {
      for (const batch of held) batch.release();
    }),
  );
}

const cost = (bytes: number, records: number) => bytes + records * RECORD_OVERHEAD_BYTES;

/** Emits once, after input and timers have had their turn. */
function nextTurn(): Observable<void> {
  return new Observable((subscriber) => {
    const immediate = setImmediate(() => {
      subscriber.next();
      subscriber.complete();
    });
    return () => clearImmediate(immediate);
  });
}

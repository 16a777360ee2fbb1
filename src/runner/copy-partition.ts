/** The pipeline of one partition: source, filters, sink, and the acknowledgements that let the source go on. */

import { defer, filter as filterValues, finalize, Observable, Subject, takeUntil, tap } from "rxjs";
import type { Acknowledgement, SourceBatch } from "../model/batch.ts";
import type { Lane, Opening } from "./lane.ts";
import { type PullSource, pull } from "./pull.ts";
import { withResource } from "./with-resource.ts";

export interface CopyOptions {
  readonly open: (opening: Opening) => Promise<Lane>;
  /** Told what opening is at, and later what the lane is at. */
  readonly progress: (text: string | null) => void;
  /** Told where the partition begins, before anything is read. */
  readonly opened: (lane: Lane) => void;
  /** Told of every batch that is read, before the filters see it. */
  readonly reading: (batch: SourceBatch) => void;
  /** Emits when no more is to be read: what is under way is finished and committed, then the stream completes. */
  readonly stop$: Observable<unknown>;
}

/** Copies until stopped and emits what is at the destination for good. Errors end it; opening again goes on from there. */
export function copyPartition(options: CopyOptions): Observable<Acknowledgement> {
  const { open, opened, progress, stop$ } = options;
  return defer(() => {
    const abandoned = new AbortController();
    let opening = true;
    const copied$ = withResource(
      () => open({ progress, signal: abandoned.signal }),
      (lane) => {
        opening = false;
        opened(lane);
        return copyThrough(lane, options);
      },
    );
    return copied$.pipe(
      // Before anything was read there is nothing to finish, and opening may take long where a cluster is down.
      takeUntil(stop$.pipe(filterValues(() => opening))),
      finalize(() => abandoned.abort()),
    );
  });
}

function copyThrough(lane: Lane, { reading, stop$ }: CopyOptions): Observable<Acknowledgement> {
  const acknowledged$ = new Subject<number>();
  const cost = (bytes: number, records: number) => bytes + records * lane.recordOverheadBytes;
  const read = <Batch extends SourceBatch>(source: PullSource<Batch>): Observable<Batch> =>
    pull(source, {
      cost: (batch) => cost(batch.bytes, batch.count),
      acknowledged$,
      windowBytes: lane.windowBytes,
      turn: nextTurn,
    }).pipe(takeUntil(stop$), tap<Batch>(reading));
  return lane.copy(read).pipe(tap(({ bytes, records }) => acknowledged$.next(cost(bytes, records))));
}

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

/** What one partition is copied through: a source, what filters it, and a sink that goes on where the last one ended. */

import { concatMap, finalize, type Observable, tap } from "rxjs";
import type { Acknowledgement, SourceBatch } from "../model/batch.ts";
import type { Evidence } from "../model/status.ts";
import type { EvidenceLedger } from "./evidence-ledger.ts";
import type { PullSource } from "./pull.ts";

/** Reads a source as far as it may be read ahead. */
export type Read = <Batch extends SourceBatch>(source: PullSource<Batch>) => Observable<Batch>;

export interface Lane {
  /** The next source offset that is to be at the destination. */
  readonly nextOffset: number;
  /** What was counted up to where its source begins. */
  readonly evidence: Evidence;
  /** Keeps the chain of evidence; null where there is none to keep. */
  readonly ledger: EvidenceLedger | null;
  /** What a record takes up beside the bytes of its batch. */
  readonly recordOverheadBytes: number;
  /** What may be unacknowledged before reading stops, that included. */
  readonly windowBytes: number;
  /** Copies what `read` makes of its source; emits what is at the destination for good. */
  copy(read: Read): Observable<Acknowledgement>;
  close(): void;
}

/** How the partitions of one mapping are opened. */
export interface Lanes {
  /** Rejects with what keeps the partition from being copied. */
  open(partition: number, opening: Opening): Promise<Lane>;
  /** To be called every few seconds while the mapping is there, for what has to follow the source beside records. */
  follow(): Promise<void>;
  /** What is wrong with the whole mapping and does not keep it from being copied; null if nothing is. */
  readonly problem: string | null;
}

/** Whoever waits for a lane that may take long to open. */
export interface Opening {
  /** Takes a sentence for the operator on what is being done; null: nothing that needs saying. */
  readonly progress: (text: string | null) => void;
  /** Aborted when nobody waits for the lane any more. */
  readonly signal: AbortSignal;
}

export interface LaneParts<Batch extends SourceBatch, Filtered extends { readonly batch: Batch }>
  extends Omit<Lane, "copy"> {
  readonly source: PullSource<Batch>;
  readonly filter: (batch: Batch) => Promise<Filtered>;
  readonly sink: (batches$: Observable<Filtered>) => Observable<Acknowledgement>;
}

export function createLane<Batch extends SourceBatch, Filtered extends { readonly batch: Batch }>(
  parts: LaneParts<Batch, Filtered>,
): Lane {
  const { source, filter, sink, ...lane } = parts;
  return {
    ...lane,
    copy: (read) => {
      // What waits for the filters or is in them; the sink gives back what came through.
      const held = new Set<Batch>();
      return read(source).pipe(
        tap((batch) => held.add(batch)),
        concatMap(filter),
        tap(({ batch }) => held.delete(batch)),
        sink,
        tap((acknowledgement) => lane.ledger?.acknowledged(acknowledgement)),
        finalize(() => {
          for (const batch of held) batch.release();
        }),
      );
    },
  };
}

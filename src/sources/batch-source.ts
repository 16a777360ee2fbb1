/** Reads the raw batches of one partition, committed data only: the source of mode mirror. */

import { type Observable, Subject } from "rxjs";
import type { AnswerLease } from "../wire/answer-memory.ts";
import { type CommittedBatch, committedBatches } from "../wire/committed-batches.ts";
import type { FetchedPartition } from "../wire/fetch.ts";
import { RawBatch } from "./raw-batch.ts";

/** What a Fetch request says of a partition. */
export interface FetchPosition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string | null;
  readonly leaderEpoch: number;
  readonly offset: number;
  /** The most of it in an answer of a near broker; a larger first batch comes whole all the same. */
  readonly maxBytes: number;
}

/** What a source asks of whoever fetches for it. */
export interface BatchSourceOwner {
  /** It has room for an answer: `deliver`, `deliverNothing` or `fail` is to be called, once. */
  readonly want: (source: BatchSource) => void;
  /** So many bytes more (less, where negative) are held here and by those who took batches. */
  readonly held: (bytes: number) => void;
  readonly closed: () => void;
}

export class BatchSource {
  readonly #owner: BatchSourceOwner;
  readonly #ready = new Subject<void>();
  #position: FetchPosition;
  #fetched: { readonly partition: FetchedPartition; readonly lease: AnswerLease } | null = null;
  #failure: { readonly error: unknown } | null = null;
  #caughtUp = false;
  #closed = false;

  constructor(position: FetchPosition, owner: BatchSourceOwner) {
    this.#position = position;
    this.#owner = owner;
    owner.want(this);
  }

  /** Where the next Fetch request goes on. */
  get position(): FetchPosition {
    return this.#position;
  }

  /** Whether the last answer had all there is: the next request may have to wait for records. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get ready$(): Observable<void> {
    return this.#ready.asObservable();
  }

  /** All that one answer had, or null while there is none. Throws what went wrong; the source is over then. */
  next(): RawBatch | null {
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#fetched === null || this.#closed) return null;
    const { partition: fetched, lease } = this.#fetched;
    const { topic, partition, offset } = this.#position;
    const batches: CommittedBatch[] = [];
    // A broker answers with whole batches, so the first may begin before what was asked for.
    for (const batch of committedBatches(fetched)) if (batch.nextOffset > offset) batches.push(batch);
    const last = batches.at(-1);
    if (last !== undefined) this.#position = { ...this.#position, offset: last.nextOffset };
    this.#caughtUp = last === undefined || last.nextOffset >= fetched.lastStableOffset;
    this.#fetched = null;
    const onRelease = () => this.#giveBack(fetched, lease);
    this.#owner.want(this);
    if (last !== undefined) return new RawBatch({ topic, partition, batches, lease, onRelease });
    onRelease();
    return null;
  }

  /** Takes an answer with records. */
  deliver(fetched: FetchedPartition, lease: AnswerLease): void {
    if (this.#closed) return;
    lease.hold();
    this.#fetched = { partition: fetched, lease };
    this.#owner.held(fetched.records.length);
    this.#ready.next();
  }

  /** Takes an answer without records, and wants another one. Others in it may have left no room for what there is. */
  deliverNothing({ lastStableOffset }: FetchedPartition, { othersHaveSome }: { othersHaveSome: boolean }): void {
    if (this.#closed) return;
    this.#caughtUp = !othersHaveSome || this.#position.offset >= lastStableOffset;
    this.#owner.want(this);
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#failure = { error };
    this.#ready.next();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#fetched !== null) this.#giveBack(this.#fetched.partition, this.#fetched.lease);
    this.#fetched = null;
    this.#ready.complete();
    this.#owner.closed();
  }

  #giveBack({ records }: FetchedPartition, lease: AnswerLease): void {
    this.#owner.held(-records.length);
    lease.release();
  }
}

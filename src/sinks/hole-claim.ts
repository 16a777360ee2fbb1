/**
 * Which runner may write markers to a mirror partition. Markers, unlike records, are not behind the fence of sequences: two
 * runners that fill the same hole at the same moment would fill it twice. So a runner claims the partition before its first
 * marker, by an offset committed to a group of its own, and looks before every other whether the claim still stands.
 *
 * The claim's number is the epoch of its markers. It grows from claim to claim, and brokers refuse markers of a lower epoch
 * than they have seen: what a runner sent before it lost its claim comes soon, or not at all.
 */

import { setTimeout as delay } from "node:timers/promises";

/** Where claims are kept: a number and a text, replaced as a whole. */
export interface ClaimStore {
  read(): Promise<{ readonly offset: number; readonly metadata: string } | null>;
  write(offset: number, metadata: string): Promise<void>;
}

export interface HoleClaimOptions {
  readonly store: ClaimStore;
  /** Names the strait installation: of one, only one runner of a link lives at a time. */
  readonly node: string;
  /** Resolves after so many milliseconds. Default: the clock's; tests do not wait. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** How long markers that a runner sent before it lost its claim may take to arrive. */
const ARRIVAL_MS = 1000;
/** The same where that runner's process is known to be gone. */
const ARRIVAL_FROM_ENDED_MS = 100;
/** A claim of another installation that is younger is left alone: it may not even have been used yet. */
const RESPECTED_MS = 3 * ARRIVAL_MS;

export class HoleClaim {
  readonly #store: ClaimStore;
  readonly #node: string;
  readonly #wait: (ms: number) => Promise<unknown>;
  readonly #id = crypto.randomUUID();
  #epoch: number | null = null;

  constructor({ store, node, wait = delay }: HoleClaimOptions) {
    this.#store = store;
    this.#node = node;
    this.#wait = wait;
  }

  /** Whether the claim was made, and may have been lost since. */
  get taken(): boolean {
    return this.#epoch !== null;
  }

  /**
   * The epoch for markers that are written at once, higher than any before it: `seen` asks for the highest the partition
   * knows, -1 for none. Null where another runner has the claim.
   */
  async epoch(seen: () => Promise<number>): Promise<number | null> {
    const found = await this.#store.read();
    const claim = found === null ? null : parse(found.metadata);
    if (this.#epoch !== null) return claim?.id === this.#id ? this.#epoch : null;
    const others = claim !== null && claim.node !== this.#node;
    if (others && Date.now() - claim.at < RESPECTED_MS) return null;
    const epoch = Math.max(found?.offset ?? -1, await seen()) + 1;
    await this.#store.write(epoch, JSON.stringify({ id: this.#id, node: this.#node, at: Date.now() } satisfies Claim));
    // Where there was no claim, somebody may have taken it since that was read, and have lost it by this one.
    await this.#wait(claim === null || others ? ARRIVAL_MS : ARRIVAL_FROM_ENDED_MS);
    this.#epoch = epoch;
    return this.epoch(seen);
  }
}

interface Claim {
  readonly id: string;
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

function parse(text: string): Claim | null {
  try {
    const { id, node, at } = JSON.parse(text) as Partial<Record<keyof Claim, unknown>>;
    return typeof id === "string" && typeof node === "string" && typeof at === "number" ? { id, node, at } : null;
  } catch {
    return null; // not ours: then it is nobody's
  }
}

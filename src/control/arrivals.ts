/** Waits until source offsets are at the destination: what a producer asks that must be sure. */

import type { Link, Mapping } from "../config/resources.ts";
import { messageOf } from "../model/errors.ts";
import type { ClusterConnection } from "./cluster-connection.ts";
import { copiedOffsets } from "./copied-offsets.ts";

export interface Arrival {
  readonly link: Link;
  readonly mapping: Mapping;
  readonly partition: number;
  readonly offset: number;
}

export interface AwaitOptions {
  readonly timeoutMs: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** What is known when the wait is over. */
export interface Arrived {
  /** The next source offset to be at the destination; null where nothing is there yet or nobody answered. */
  readonly nextOffset: number | null;
  /** Why the destination cannot be asked, if it cannot. */
  readonly problem: string | null;
}

/** A compromise between latency and load: a request to one broker each time, shared by all who wait for a partition. */
const INTERVAL_MS = 10;

export class Arrivals {
  readonly #destinationOf: (link: Link) => ClusterConnection;
  readonly #watched = new Map<string, Watch>();

  constructor(destinationOf: (link: Link) => ClusterConnection) {
    this.#destinationOf = destinationOf;
  }

  /** Resolves when `nextOffset` is beyond the offset, or with what is known when the time is over. */
  async until(arrival: Arrival, { timeoutMs, signal }: AwaitOptions): Promise<Arrived> {
    const { link, mapping, partition, offset } = arrival;
    const key = JSON.stringify([link.name, mapping.name, partition]);
    const watch = this.#watched.get(key) ?? new Watch(() => this.#ask(arrival));
    this.#watched.set(key, watch);
    watch.waiting++;
    const deadline = Date.now() + timeoutMs;
    try {
      for (;;) {
        const arrived = await watch.next();
        if ((arrived.nextOffset ?? 0) > offset || Date.now() >= deadline || signal.aborted) return arrived;
      }
    } finally {
      watch.waiting--;
      if (watch.waiting === 0 && this.#watched.get(key) === watch) this.#watched.delete(key);
    }
  }

  async #ask({ link, mapping, partition }: Arrival): Promise<Arrived> {
    try {
      const copied = await copiedOffsets(this.#destinationOf(link), link.name, new Map([[mapping, [partition]]]));
      return { nextOffset: copied.get(mapping.name)?.get(partition)?.offset ?? null, problem: null };
    } catch (error) {
      return { nextOffset: null, problem: messageOf(error) };
    }
  }
}

/** One partition that is asked about as long as somebody waits. */
class Watch {
  waiting = 0;
  readonly #ask: () => Promise<Arrived>;
  #asking: Promise<Arrived> | null = null;

  constructor(ask: () => Promise<Arrived>) {
    this.#ask = ask;
  }

  /** The next answer; all who ask before it comes share it. */
  next(): Promise<Arrived> {
    this.#asking ??= this.#afterPause();
    return this.#asking;
  }

  async #afterPause(): Promise<Arrived> {
    const arrived = await this.#ask();
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    this.#asking = null;
    return arrived;
  }
}

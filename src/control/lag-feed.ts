/** The lag of all links as server-sent events, made once however many read it. */

import type { LagMonitor } from "./lag-monitor.ts";
import type { State } from "./state.ts";

/** How often there is something new. */
export const LAG_INTERVAL_MS = 1_000;

/** Readers do not ask at exactly the same moment; nobody gets numbers older than this. */
const MAX_AGE_MS = LAG_INTERVAL_MS / 2;

export class LagFeed {
  readonly #state: () => State;
  readonly #lag: Pick<LagMonitor, "last">;
  readonly #now: () => number;
  #madeAt = Number.NEGATIVE_INFINITY;
  #events: Uint8Array = new Uint8Array();

  constructor(state: () => State, lag: Pick<LagMonitor, "last">, now: () => number = Date.now) {
    this.#state = state;
    this.#lag = lag;
    this.#now = now;
  }

  /** An event `lag` for each link, in UTF-8; empty without links. Do not change it: others get the same. */
  events(): Uint8Array {
    const now = this.#now();
    if (now - this.#madeAt < MAX_AGE_MS) return this.#events;
    const { links } = this.#state();
    const texts = links.map((link) => `event: lag\ndata: ${JSON.stringify(this.#lag.last(link))}\n\n`);
    this.#events = new TextEncoder().encode(texts.join(""));
    this.#madeAt = now;
    return this.#events;
  }
}

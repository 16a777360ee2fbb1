/** Answers that never change: each is asked for once, however many want it, and kept while there is room. */

import { StraitError } from "../../src/mod.ts";

/** So long nobody asks again for what was refused: each of many records may name a schema that is not there yet. */
export const REFUSED_MS = 2000;

interface Refusal {
  readonly error: StraitError;
  readonly until: number;
}

export class AskedOnce<T> {
  readonly #most: number;
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #known = new Map<string, T>();
  /** The oldest first. */
  readonly #refused = new Map<string, Refusal>();
  readonly #asking = new Map<string, Promise<T>>();

  /** Keeps the `most` answers that were used last, and as many refusals. */
  constructor(most: number, now: () => number = Date.now) {
    this.#most = most;
    this.#now = now;
  }

  /**
   * The answer of `ask`, now or of an earlier call with the key. A rejection is shared by who waits for it, and for
   * {@link REFUSED_MS} by who comes later if it is the registry's own.
   */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined) {
      keep(this.#known, key, known, this.#most);
      return Promise.resolve(known);
    }
    const refused = this.#refused.get(key);
    if (refused !== undefined && this.#now() < refused.until) return Promise.reject(refused.error);
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      asking = this.#ask(key, ask).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  async #ask(key: string, ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      keep(this.#known, key, answer, this.#most);
      return answer;
    } catch (error) {
      // This is how a registry's "no" is told; all else is no answer.
      if (error instanceof StraitError && error.code === "filter-failed") {
        keep(this.#refused, key, { error, until: this.#now() + REFUSED_MS }, this.#most);
      }
      throw error;
    }
  }
}

/** Sets it as the newest, and lets go of the oldest where there are too many. */
function keep<T>(all: Map<string, T>, key: string, value: T, most: number): void {
  all.delete(key);
  all.set(key, value);
  if (all.size <= most) return;
  const [oldest] = all.keys();
  if (oldest !== undefined) all.delete(oldest);
}

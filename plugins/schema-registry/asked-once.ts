/** Answers that never change: each is asked for once, however many want it, and kept while there is room. */

export class AskedOnce<T> {
  readonly #most: number;
  /** In the order of their last use. */
  readonly #known = new Map<string, T>();
  readonly #asking = new Map<string, Promise<T>>();

  /** Keeps the `most` answers that were used last. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The answer of `ask`, now or of an earlier call with the key. A rejection is shared by who waits for it, not kept. */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      this.#known.set(key, known);
      return Promise.resolve(known);
    }
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      asking = ask()
        .then((answer) => this.#keep(key, answer))
        .finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  #keep(key: string, answer: T): T {
    this.#known.set(key, answer);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(oldest);
    }
    return answer;
  }
}

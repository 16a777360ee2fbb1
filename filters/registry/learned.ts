/** What was learned about schemas: at hand without waiting once it is known, and learned once however many wait. */

export class Learned<Key, Value> {
  readonly #most: number;
  /** In the order of their last use, the last one last, but for the one in `#last`. */
  readonly #known = new Map<Key, Value>();
  readonly #learning = new Map<Key, Promise<Value>>();
  #last: { readonly key: Key; readonly value: Value } | null = null;

  /** Keeps the `most` that were used last. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    // Most records have the schema of the one before.
    if (this.#last !== null && this.#last.key === key) return this.#last.value;
    const value = this.#known.get(key);
    if (value === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, value);
    this.#last = { key, value };
    return value;
  }

  /** For a key that is not known. A rejection is shared by who waits for it, not kept. */
  learn(key: Key, how: () => Promise<Value>): Promise<Value> {
    let learning = this.#learning.get(key);
    if (learning === undefined) {
      learning = how()
        .then((value) => this.#keep(key, value))
        .finally(() => this.#learning.delete(key));
      this.#learning.set(key, learning);
    }
    return learning;
  }

  get size(): number {
    return this.#known.size;
  }

  #keep(key: Key, value: Value): Value {
    this.#known.set(key, value);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(oldest);
      if (this.#last?.key === oldest) this.#last = null;
    }
    return value;
  }
}

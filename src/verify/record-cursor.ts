/** Steps through records that come in lists, waiting only between lists. */

export class RecordCursor<T> {
  readonly #lists: AsyncIterator<readonly T[]>;
  #list: readonly T[] = [];
  #at = 0;

  constructor(lists: AsyncIterable<readonly T[]>) {
    this.#lists = lists[Symbol.asyncIterator]();
  }

  /** The record it is at; null before the first `load()` and behind the last record. */
  get current(): T | null {
    return this.#list[this.#at] ?? null;
  }

  /** Goes to the next record of the list. False where there is none: `load()` comes next. */
  step(): boolean {
    this.#at++;
    return this.#at < this.#list.length;
  }

  /** Goes to the first record of the next list that has any. */
  async load(): Promise<void> {
    this.#at = 0;
    do {
      const { done, value } = await this.#lists.next();
      this.#list = done ? [] : value;
      if (done) return;
    } while (this.#list.length === 0);
  }

  /** Ends the reading, wherever it is. */
  async close(): Promise<void> {
    await this.#lists.return?.();
  }
}

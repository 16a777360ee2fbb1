/** Counts differences and keeps the first ones. */

import { type Difference, MAX_FIRST_DIFFERENCES } from "../model/verification.ts";

export class Differences {
  #count = 0;
  readonly #first: Difference[] = [];

  get count(): number {
    return this.#count;
  }

  /** By offset. */
  get first(): Difference[] {
    return [...this.#first];
  }

  /** In any order: what compaction might explain is known to be a difference late. */
  add(offset: number, kind: Difference["kind"]): void {
    this.#count++;
    const last = this.#first.at(-1);
    if (this.#first.length === MAX_FIRST_DIFFERENCES && last !== undefined && last.offset <= offset) return;
    const behind = this.#first.findLastIndex((each) => each.offset <= offset) + 1;
    this.#first.splice(behind, 0, { offset, kind });
    this.#first.length = Math.min(this.#first.length, MAX_FIRST_DIFFERENCES);
  }

  /** Adds differences of which only some offsets are known. */
  addMany(offsets: readonly number[], count: number, kind: Difference["kind"]): void {
    for (const offset of offsets) this.add(offset, kind);
    this.#count += count - offsets.length;
  }
}

/** The changes to one record, in the order of its bytes, and the splicing of them into a copy. */

import { copyBytes } from "./copy-bytes.ts";
import { Patch } from "./patch.ts";

/** Numbers for each edit: the bytes replaced (start, end) and their replacement in the patch (start, end). */
const STRIDE = 4;
const INITIAL_CELLS = 64 * STRIDE;
/** Above this (1 MB) the cells one large record needed are not kept for the next. */
const KEPT_CELLS = 64 * 1024 * STRIDE;

export class Edits {
  /** What `replace` puts in place. */
  readonly patch = new Patch();
  #cells = new Int32Array(INITIAL_CELLS);
  #used = 0;

  clear(): void {
    this.#used = 0;
    this.patch.clear();
    if (this.#cells.length > KEPT_CELLS) this.#cells = new Int32Array(INITIAL_CELLS);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** How far the list has come, for `rewind`. */
  mark(): number {
    return this.#used;
  }

  /** Forgets the edits made since `mark` was taken. */
  rewind(mark: number): void {
    this.#used = mark;
  }

  /** Removes bytes; `start` is not before the end of the last edit. */
  remove(start: number, end: number): void {
    this.replace(start, end, 0, 0);
  }

  /** Puts the patch's bytes from `patchStart` to `patchEnd` in place of others. */
  replace(start: number, end: number, patchStart: number, patchEnd: number): void {
    if (this.#used + STRIDE > this.#cells.length) this.#grow();
    const at = this.#used;
    const cells = this.#cells;
    cells[at] = start;
    cells[at + 1] = end;
    cells[at + 2] = patchStart;
    cells[at + 3] = patchEnd;
    this.#used = at + STRIDE;
  }

  /** Makes room for an edit whose replacement is known only after the ones that follow, and returns its mark. */
  hold(): number {
    const mark = this.#used;
    this.replace(0, 0, 0, 0);
    return mark;
  }

  /** Whether nothing follows the edit held at `mark`. */
  isLast(mark: number): boolean {
    return this.#used === mark + STRIDE;
  }

  /** The edit that was held at `mark`, as in `replace`; it lies before those that follow. */
  fill(mark: number, start: number, end: number, patchStart: number, patchEnd: number): void {
    const cells = this.#cells;
    cells[mark] = start;
    cells[mark + 1] = end;
    cells[mark + 2] = patchStart;
    cells[mark + 3] = patchEnd;
  }

  /** A copy of `source` with all edits made, in memory of its own: pieces of larger chunks are no faster (Bun 1.4.5). */
  apply(source: Uint8Array): Uint8Array {
    const cells = this.#cells;
    const used = this.#used;
    let length = source.length;
    for (let i = 0; i < used; i += STRIDE) length += cells[i]! - cells[i + 1]! + cells[i + 3]! - cells[i + 2]!;
    const target = new Uint8Array(length);
    let from = 0;
    let to = 0;
    for (let i = 0; i < used; i += STRIDE) {
      to = copyBytes(source, from, cells[i]!, target, to);
      to = copyBytes(this.patch.bytes, cells[i + 2]!, cells[i + 3]!, target, to);
      from = cells[i + 1]!;
    }
    copyBytes(source, from, source.length, target, to);
    return target;
  }

  #grow(): void {
    const larger = new Int32Array(this.#cells.length * 2);
    larger.set(this.#cells);
    this.#cells = larger;
  }
}

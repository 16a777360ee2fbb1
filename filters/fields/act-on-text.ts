/** Actions on text in formats that put its length before it. */

import type { Patch } from "../bytes/patch.ts";
import { appendUtf8, isAscii } from "../bytes/utf8.ts";
import type { FieldAction } from "./change.ts";

/** How a format spells text. */
export interface TextFormat {
  /** Throws `filter-failed` for what is not UTF-8. */
  readonly decode: (bytes: Uint8Array, start: number, end: number) => string;
  readonly appendLength: (patch: Patch, length: number) => void;
}

/** Appends what stands in the place of the text from `start` to `end`, with its length; false for text that is to stay. */
export function actOnText(
  action: FieldAction,
  bytes: Uint8Array,
  start: number,
  end: number,
  patch: Patch,
  format: TextFormat,
): boolean {
  if (action.ascii !== undefined && isAscii(bytes, start, end)) {
    format.appendLength(patch, end - start);
    action.ascii(bytes, start, end, patch);
    return true;
  }
  const after = action.text(format.decode(bytes, start, end));
  if (after === null) return false;
  appendUtf8(patch, after, format.appendLength);
  return true;
}

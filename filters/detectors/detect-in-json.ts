/** Detection on the bytes of JSON: a string that cannot hold a match is told from its bytes and not decoded. */

import type { JsonChange } from "../fields/change.ts";
import { decodeAscii, decodeString, decodeText, encodeJson } from "../json/text.ts";
import { isDigit } from "./characters.ts";
import { type MatchFinder, signBit } from "./find-matches.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Strings and numbers go through `change`, which returns null for what stays. */
export function detectInJson(finder: MatchFinder, change: (text: string) => string | null): JsonChange {
  return (bytes, start, end, patch) => {
    const text = textOf(bytes, start, end, finder);
    const after = text === null ? null : change(text);
    if (after === null) return false;
    patch.append(encodeJson(after));
    return true;
  };
}

/** The text of a string or number; null where no match can be. */
function textOf(bytes: Uint8Array, start: number, end: number, finder: MatchFinder): string | null {
  let digits = 0;
  let signs = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    // Escapes may stand for anything.
    if (byte === BACKSLASH) return decodeString(bytes, start, end);
    if (isDigit(byte)) digits++;
    else signs |= signBit(byte);
  }
  // The bytes are no fewer than the code units; the quotes do not matter for that.
  if (!finder.mayHold(end - start, digits, signs)) return null;
  return bytes[start] === QUOTE ? decodeText(bytes.subarray(start + 1, end - 1)) : decodeAscii(bytes, start, end);
}

/** Pseudonyms in JSON, on the bytes: a string that needs no unescaping is hashed where it stands. */

import type { JsonChange } from "../fields/change.ts";
import { scalarKind } from "./scalar.ts";
import { decodeString, encodeText } from "./text.ts";

/**
 * Replaces strings, numbers and booleans by what `digest` makes of their text in UTF-8, which needs no escapes, in a JSON
 * string. A string's text is what it stands for, so its spelling does not matter; a number's is its spelling (`1` and `1.0`
 * differ). Leaves null; fails on objects and arrays. `label` is for messages.
 */
export function pseudonym(label: string, digest: (text: Uint8Array) => string): JsonChange {
  return (bytes, start, end, patch) => {
    const kind = scalarKind(bytes, start, "hash", label);
    if (kind === "null") return false;
    const text = kind === "string" ? stringBytes(bytes, start, end) : bytes.subarray(start, end);
    patch.append(encodeText(`"${digest(text)}"`));
    return true;
  };
}

function stringBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const inside = bytes.subarray(start + 1, end - 1);
  return inside.includes(0x5c) ? encodeText(decodeString(bytes, start, end)) : inside;
}

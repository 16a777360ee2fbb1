/** Pseudonyms: the same text under the same key gives the same one, and without the key nobody finds the text. */

import { createHmac } from "node:crypto";
import { scalarKind } from "./scalar.ts";
import type { Change } from "./surgery.ts";
import { decodeString, encodeText } from "./text.ts";

/**
 * Replaces strings, numbers and booleans by the HMAC-SHA-256 of their text, 64 hex digits in a JSON string. A string's
 * text is what it stands for, so its spelling does not matter; a number's is its spelling (`1` and `1.0` differ). Leaves
 * null; fails on objects and arrays. `path` is for messages.
 */
export function pseudonym(path: string, key: string): Change {
  return (bytes, start, end, patch) => {
    const kind = scalarKind(bytes, start, "hash", path);
    if (kind === "null") return false;
    const text = kind === "string" ? stringBytes(bytes, start, end) : bytes.subarray(start, end);
    patch.append(encodeText(`"${createHmac("sha256", key).update(text).digest("hex")}"`));
    return true;
  };
}

function stringBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const inside = bytes.subarray(start + 1, end - 1);
  return inside.includes(0x5c) ? encodeText(decodeString(bytes, start, end)) : inside;
}

/** The way back from `encrypt`: the exact original in the place of its token. */

import { Buffer } from "node:buffer";
import type { FieldAction } from "../fields/change.ts";
import { JsonTape } from "../json/tape.ts";
import { decodeString, decodeText, encodeJson, encodeText } from "../json/text.ts";
import { cannot } from "./cannot.ts";
import { type FieldKeys, PLAIN_BYTES, PLAIN_JSON, PLAIN_TEXT } from "./field-keys.ts";
import { parseToken } from "./token.ts";

export interface DecryptSettings {
  /** By version. */
  readonly keys: ReadonlyMap<string, FieldKeys>;
  /** What is not a token fails if true; otherwise it stays. A token that cannot be opened fails always. */
  readonly required: boolean;
}

const TOKEN_START = encodeText("strait.1.");

export function decrypt({ keys, required }: DecryptSettings, label: string): FieldAction {
  /** The plaintext with its kind in front; null for what is to stay. */
  const open = (text: string): Uint8Array | null => {
    const token = parseToken(text);
    if (token === null) return required ? noToken(label) : null;
    const key =
      keys.get(token.keyVersion) ?? cannot("decrypt", label, "the token names a key version that is not in `keys`");
    return (
      key.open(token.cipher, token.sealed, token.keyVersion) ??
      cannot("decrypt", label, "the token is not authentic: the key is another one, or it was changed or cut off")
    );
  };
  const tape = new JsonTape();
  return {
    name: "decrypt",
    text(value) {
      const plain = open(value);
      if (plain === null) return null;
      if (plain[0] !== PLAIN_TEXT)
        return cannot("decrypt", label, "what was encrypted is no text, and belongs elsewhere");
      return decodeText(plain.subarray(1));
    },
    bytes(value) {
      const text = asciiOf(value);
      const plain = text === null ? null : open(text);
      if (plain === null) return required ? noToken(label) : null;
      if (plain[0] !== PLAIN_BYTES)
        return cannot("decrypt", label, "what was encrypted are no bytes, and belongs elsewhere");
      return plain.slice(1);
    },
    json(bytes, start, end, patch) {
      if (bytes[start] === 0x6e) return false;
      const text = bytes[start] === 0x22 ? asciiOfString(bytes, start, end) : null;
      const plain = text === null ? null : open(text);
      if (plain === null) return required ? noToken(label) : false;
      const content = plain.subarray(1);
      if (plain[0] === PLAIN_TEXT) {
        patch.append(encodeJson(decodeText(content)));
      } else if (plain[0] === PLAIN_JSON) {
        // Whoever has the key may have sealed anything.
        tape.read(content);
        patch.append(content);
      } else {
        cannot("decrypt", label, "what was encrypted are bytes, which JSON has no place for");
      }
      return true;
    },
  };
}

function noToken(label: string): never {
  return cannot("decrypt", label, "there is no whole token (strait.1...)");
}

/** The text of what begins like a token, which is ASCII; null for everything else. */
function asciiOf(bytes: Uint8Array): string | null {
  for (let i = 0; i < TOKEN_START.length; i++) if (bytes[i] !== TOKEN_START[i]) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** The same for a JSON string, however it is spelt. */
function asciiOfString(bytes: Uint8Array, start: number, end: number): string | null {
  const inside = bytes.subarray(start + 1, end - 1);
  return inside.includes(0x5c) ? decodeString(bytes, start, end) : asciiOf(inside);
}

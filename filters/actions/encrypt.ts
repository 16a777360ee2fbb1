/** Encryption of values; whoever has the key gets the exact originals back by the filter `decrypt`. */

import type { FilterContext, KafkaRecord } from "../../src/mod.ts";
import type { FieldAction } from "../fields/change.ts";
import { decodeString, encodeJson, encodeText } from "../json/text.ts";
import { cannot } from "./cannot.ts";
import { FieldKeys, PLAIN_BYTES, PLAIN_JSON, PLAIN_TEXT, plaintextOf, textPlaintext } from "./field-keys.ts";
import { secretKey } from "./secrets.ts";
import { formatToken } from "./token.ts";

interface Options {
  readonly key: string;
  readonly algorithm?: "aes-256-gcm" | "aes-siv";
  readonly keyVersion?: string;
}

/** Rejects with `secret-unavailable` where the key is not one. */
export async function encrypt(options: Options, context: FilterContext, label: string): Promise<FieldAction> {
  const { keyVersion = "1" } = options;
  const keys = new FieldKeys(await secretKey(context, options.key, `encrypting ${label}`));
  let record: Pick<KafkaRecord, "topic" | "partition" | "offset"> | null = null;
  let occurrence = 0;
  const sealGcm = (plaintext: Uint8Array): string => {
    if (record === null) return cannot("encrypt", label, "it is not known which record this is");
    const sealed = keys.sealGcm(plaintext, keyVersion, { record, label, occurrence });
    occurrence++;
    return formatToken({ cipher: "gcm", keyVersion, sealed });
  };
  const sealSiv = (plaintext: Uint8Array): string =>
    formatToken({ cipher: "siv", keyVersion, sealed: keys.sealSiv(plaintext, keyVersion) });
  const isGcm = options.algorithm !== "aes-siv";
  const seal = isGcm ? sealGcm : sealSiv;
  return {
    name: "encrypt",
    ...(isGcm
      ? {
          begin: (next) => {
            record = next;
            occurrence = 0;
          },
        }
      : {}),
    text: (value) =>
      seal(textPlaintext(value) ?? cannot("encrypt", label, "there is half a surrogate pair, which has no bytes")),
    bytes: (value) => encodeText(seal(plaintextOf(PLAIN_BYTES, value))),
    json(bytes, start, end, patch) {
      if (bytes[start] === 0x6e) return false;
      patch.append(encodeText(`"${seal(jsonPlaintext(bytes, start, end))}"`));
      return true;
    },
  };
}

/**
 * A string in its usual spelling as text, so that it is the same plaintext in every format; anything else as it is spelt.
 */
function jsonPlaintext(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const spelling = bytes.subarray(start, end);
  if (bytes[start] !== 0x22) return plaintextOf(PLAIN_JSON, spelling);
  if (!spelling.includes(0x5c)) return plaintextOf(PLAIN_TEXT, spelling.subarray(1, -1));
  const text = decodeString(bytes, start, end);
  const usual = encodeJson(text);
  const isUsual = usual.length === spelling.length && usual.every((byte, i) => byte === spelling[i]);
  return (isUsual ? textPlaintext(text) : null) ?? plaintextOf(PLAIN_JSON, spelling);
}

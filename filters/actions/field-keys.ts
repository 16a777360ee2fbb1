/** One operator's key, made into one for each use, and the sealing and opening of values with them. */

import { createHmac, hkdfSync } from "node:crypto";
import type { KafkaRecord } from "../../src/mod.ts";
import { encodeText } from "../json/text.ts";
import { joined, NONCE_BYTES, openGcm, openSiv, sealGcm, sealSiv } from "./sealing.ts";
import { type TokenCipher, tokenHead } from "./token.ts";

/** Where a value is, as far as a nonce is made from it. */
export interface Place {
  readonly record: Pick<KafkaRecord, "topic" | "partition" | "offset">;
  readonly label: string;
  /** Which of the values in the record that were sealed under this label. */
  readonly occurrence: number;
}

/** Keys derived from one of 32 bytes (HKDF-SHA-256, RFC 5869, no salt), so that no key does two things. */
export class FieldKeys {
  readonly #gcm: Uint8Array;
  readonly #nonce: Uint8Array;
  /** For AES-256 in both of RFC 5297's halves. */
  readonly #siv: Uint8Array;

  constructor(key: Uint8Array) {
    const derive = (use: string, bytes: number) => new Uint8Array(hkdfSync("sha256", key, "", use, bytes));
    this.#gcm = derive("strait.1.gcm", 32);
    this.#nonce = derive("strait.1.gcm nonce", 32);
    this.#siv = derive("strait.1.siv", 64);
  }

  /**
   * AES-256-GCM. The nonce is an HMAC of all that goes in and of where it is: the same record gives the same bytes when it
   * comes again, and no two different inputs share a nonce (but by chance, 1 in 2^96).
   */
  sealGcm(plaintext: Uint8Array, keyVersion: string, place: Place): Uint8Array {
    const head = tokenHead("gcm", keyVersion);
    const { topic, partition, offset } = place.record;
    // JSON holds no zero byte, so where it ends is certain.
    const where = `${JSON.stringify([topic, partition, offset, place.label, place.occurrence, keyVersion])}\0`;
    const nonce = createHmac("sha256", this.#nonce).update(where).update(plaintext).digest().subarray(0, NONCE_BYTES);
    return sealGcm(this.#gcm, nonce, head, plaintext);
  }

  /** AES-SIV (RFC 5297): the same plaintext under the same key and version gives the same bytes, wherever it is. */
  sealSiv(plaintext: Uint8Array, keyVersion: string): Uint8Array {
    return sealSiv(this.#siv, tokenHead("siv", keyVersion), plaintext);
  }

  /** The plaintext; null where it is not authentic under this key. */
  open(cipher: TokenCipher, sealed: Uint8Array, keyVersion: string): Uint8Array | null {
    const head = tokenHead(cipher, keyVersion);
    try {
      return cipher === "gcm" ? openGcm(this.#gcm, head, sealed) : openSiv(this.#siv, head, sealed);
    } catch {
      // Both libraries throw for a tag that is wrong and for what is too short to have one, and their words are no help.
      return null;
    }
  }
}

/** What a plaintext is, as its first byte: text, the spelling of a JSON value, or bytes. */
export const PLAIN_TEXT = 0x74;
export const PLAIN_JSON = 0x6a;
export const PLAIN_BYTES = 0x62;

export function plaintextOf(kind: number, content: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(kind), content);
}

/** Text as plaintext; null for half a surrogate pair, which UTF-8 cannot spell. */
export function textPlaintext(text: string): Uint8Array | null {
  return text.isWellFormed() ? plaintextOf(PLAIN_TEXT, encodeText(text)) : null;
}

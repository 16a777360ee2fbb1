/** Authenticated encryption on bytes: AES-256-GCM by the runtime, AES-SIV (RFC 5297) by @noble/ciphers. */

import { createCipheriv, createDecipheriv } from "node:crypto";
import { aessiv } from "@noble/ciphers/aes.js";

export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Nonce, ciphertext and tag, one after the other. */
export function sealGcm(key: Uint8Array, nonce: Uint8Array, head: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(head);
  return joined(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/** Undoes `sealGcm`. Throws where that is impossible. */
export function openGcm(key: Uint8Array, head: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new RangeError("too short");
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(head);
  decipher.setAuthTag(sealed.subarray(end));
  return joined(decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final());
}

/** The synthetic IV (16 bytes), then the ciphertext. A key of 64 bytes makes it AES-256 in both halves. */
export function sealSiv(key: Uint8Array, head: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return aessiv(key, head).encrypt(plaintext);
}

/** Undoes `sealSiv`. Throws where that is impossible. */
export function openSiv(key: Uint8Array, head: Uint8Array, sealed: Uint8Array): Uint8Array {
  return aessiv(key, head).decrypt(sealed);
}

/** The parts one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

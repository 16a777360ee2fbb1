/** Random texts that prove who one is, and comparing them without telling by time how much was right. */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const RANDOM_BYTES = 32;
const TOKEN = /^strait_[A-Za-z0-9_-]{43}$/;

/** A token: `strait_` and 32 random bytes in base64url. The prefix lets scanners of repositories find one that leaked. */
export function newTokenText(): string {
  return `strait_${newSecretText()}`;
}

/** 32 random bytes in base64url. */
export function newSecretText(): string {
  return randomBytes(RANDOM_BYTES).toString("base64url");
}

/** Whether a text has the form of a token. */
export function isTokenText(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * What is kept of a secret: its SHA-256 in hex. A slow hash would add nothing, for nobody can try 2^256 texts, and would
 * make every request slow.
 */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether two texts are the same, in a time that depends on their lengths only. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The text with whatever looks like a token taken out: for log lines with something a client sent. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/strait_[A-Za-z0-9_-]{16,}/g, "strait_***");
}

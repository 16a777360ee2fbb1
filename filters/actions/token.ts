/** The text that stands in the place of an encrypted value: `strait.1.<gcm|siv>.<key version>.<base64url>`. */

import { Buffer } from "node:buffer";
import { encodeText } from "../json/text.ts";

export type TokenCipher = "gcm" | "siv";

export interface Token {
  readonly cipher: TokenCipher;
  readonly keyVersion: string;
  /** GCM: nonce (12 bytes), ciphertext, tag (16). SIV: as RFC 5297 has it, the synthetic IV (16), ciphertext. */
  readonly sealed: Uint8Array;
}

const TOKEN = /^strait\.1\.(gcm|siv)\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;

/** The part before the sealed bytes, without the dot between: it is authenticated along with them. */
export function tokenHead(cipher: TokenCipher, keyVersion: string): Uint8Array {
  return encodeText(`strait.1.${cipher}.${keyVersion}`);
}

export function formatToken({ cipher, keyVersion, sealed }: Token): string {
  return `strait.1.${cipher}.${keyVersion}.${Buffer.from(sealed).toString("base64url")}`;
}

/** Null for what is not in the form of a token, also where the base64url has bits too many. */
export function parseToken(text: string): Token | null {
  const [, cipher, keyVersion = "", encoded = ""] = TOKEN.exec(text) ?? [];
  if (cipher === undefined) return null;
  const sealed = Buffer.from(encoded, "base64url");
  if (sealed.toString("base64url") !== encoded) return null;
  return { cipher: cipher as TokenCipher, keyVersion, sealed: new Uint8Array(sealed) };
}

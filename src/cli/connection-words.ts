/** Why a request got no answer, in words for the person at the terminal. */

import { messageOf } from "../model/errors.ts";

/** By the codes of Node.js, which Bun uses, too. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; start one with `strait up`, or name another with --url or STRAIT_URL",
  ENOTFOUND: "there is no host of this name; see --url or STRAIT_URL",
  ECONNRESET: "the connection was closed; if it serves TLS, write https:// in --url or STRAIT_URL",
  EPROTO: "it speaks no TLS; write http:// in --url or STRAIT_URL",
};

/** Codes of OpenSSL for a certificate that is not trusted (openssl-verify(1)). */
const CERTIFICATE = /CERT|ISSUER|SIGNATURE|ALTNAME/;

/** A sentence that names the strait and what to do. */
export function connectionWords(url: string, thrown: unknown, timeoutMs: number): string {
  const { code, name, cause } = thrown as { code?: unknown; name?: unknown; cause?: unknown };
  // Bun has the code in the error, Node.js in what caused it; Deno has only words, and those of the cause say more.
  const reason = cause instanceof Error ? cause : thrown;
  const known = String(code ?? (reason as { code?: unknown }).code ?? "");
  const said = name === "TimeoutError" ? `no answer within ${timeoutMs / 1000} s` : words(known, reason);
  return `no strait answers at ${url}: ${said}`;
}

function words(code: string, reason: unknown): string {
  const known = WORDS[code];
  if (known !== undefined) return known;
  if (!CERTIFICATE.test(code)) return messageOf(reason);
  return `${messageOf(reason)}; to trust its certificate give the PEM file of who signed it with --ca or STRAIT_CA`;
}

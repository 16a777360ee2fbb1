/** The certificate that strait shows to its clients. */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf, StraitError } from "../../model/errors.ts";

/** Both in PEM. */
export interface Certificate {
  /** Our own first, then those between it and the authority. */
  readonly cert: string;
  readonly key: string;
}

/** Reads and checks both files. Throws `configuration` for what cannot be used, without a word of the key. */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const [cert, key] = [readPem(certFile), readPem(keyFile)];
  const parsed = parse(certFile, "certificate in PEM", () => new X509Certificate(cert));
  const privateKey = parse(keyFile, "private key in PEM without a passphrase", () => createPrivateKey(key));
  if (!parsed.checkPrivateKey(privateKey)) {
    throw new StraitError("configuration", `the key in ${keyFile} does not belong to the certificate in ${certFile}`);
  }
  if (Date.parse(parsed.validTo) <= Date.now()) {
    throw new StraitError("configuration", `the certificate in ${certFile} has expired (${parsed.validTo})`);
  }
  return { cert, key };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new StraitError("configuration", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function parse<T>(file: string, what: string, parser: () => T): T {
  try {
    return parser();
  } catch {
    // The parser's words may quote the file.
    throw new StraitError("configuration", `${file} holds no ${what}`);
  }
}

/** Certificates for 127.0.0.1, made with openssl. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface MadeCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** Being self-signed, it is its own authority. */
  readonly pem: string;
}

/** A self-signed certificate with that common name, in a folder of its own in the directory. */
export function makeCertificate(directory: string, name: string): MadeCertificate {
  const folder = join(directory, name);
  mkdirSync(folder);
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...key, "-out", certFile, ...subject], { stdio: "ignore" });
  return { certFile, keyFile, pem: readFileSync(certFile, "utf8") };
}

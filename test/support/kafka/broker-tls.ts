/** Certificates as a Kafka broker takes them: server.properties. */

import { readFileSync, writeFileSync } from "node:fs";
import type { MadeCertificate } from "../certificate.ts";

/** Has the broker show the certificate on every listener with TLS. Writes a file beside those of the certificate. */
export function showing({ keyFile, pem }: MadeCertificate): Record<string, string> {
  const both = `${keyFile}-and-cert`;
  writeFileSync(both, readFileSync(keyFile, "utf8") + pem);
  return { "ssl.keystore.type": "PEM", "ssl.keystore.location": both };
}

/** Has a listener let in only those who show the certificate. */
export function demanding({ certFile }: MadeCertificate, listener: string): Record<string, string> {
  const properties = {
    "ssl.client.auth": "required",
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": certFile,
  };
  const prefix = `listener.name.${listener.toLowerCase()}.`;
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [prefix + name, value]));
}

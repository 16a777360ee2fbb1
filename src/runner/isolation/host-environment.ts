/** What a filter host finds in its environment: what it needs to run, and the secrets that its filters refer to. */

import { referencedVariables } from "../../config/secret-reference.ts";

/** For programs, temporary files, the language and time zone, and for reaching a registry as the runner would. */
const NEEDED = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "NODE_PATH",
  "NODE_ENV",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "DENO_DIR",
  "LD_LIBRARY_PATH",
  "SystemRoot",
];

/** Bun's collector lets garbage lie where there is much memory; of what a host may take this is a part it can live in. */
const COLLECTED_AT_BYTES = 192 << 20;

/** `given` is everything that the filters are told: every `${env:NAME}` in it is resolved by them or for them. */
export function hostEnvironment(given: unknown, environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const names = [...NEEDED, ...referencedVariables(given)];
  const found = names.flatMap((name): [string, string][] => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(found), BUN_JSC_forceRAMSize: String(COLLECTED_AT_BYTES) };
}

/** The address of `--listen`. */

import { UsageError } from "./usage-error.ts";

/** `HOST:PORT`, an IPv6 address in brackets. Throws {@link UsageError}. */
export function parseListenAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:\s/]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new UsageError(`--listen takes HOST:PORT, for example 127.0.0.1:7070, not ${JSON.stringify(text)}`);
  }
  return { host, port: Number(port) };
}

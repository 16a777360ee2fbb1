/** Under which addresses strait is spoken to. */

import type { Context } from "hono";

export interface OwnAddress {
  /** The host strait listens on. */
  readonly listenHost: string;
  /** Whether it speaks TLS itself. */
  readonly tls: boolean;
  /** What browsers have in their address bar where something stands in between, as a proxy; null if nothing does. */
  readonly publicUrl: URL | null;
}

/** The host and port a request is addressed to, as its client wrote them; "" if it did not. */
export function requestedHost({ req }: Context): string {
  return req.header("host") ?? (URL.canParse(req.url) ? new URL(req.url).host : "");
}

/** Whether a host name or address means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/** Whether a page of that origin came from here, the request being addressed to `host` (its header `Host`). */
export function isOwnOrigin({ tls, publicUrl }: OwnAddress, origin: string, host: string): boolean {
  return origin === `${tls ? "https" : "http"}://${host.toLowerCase()}` || origin === publicUrl?.origin;
}

/** Whether browsers reach strait by TLS only: then cookies are for TLS only. */
export function isSecure({ tls, publicUrl }: OwnAddress): boolean {
  return publicUrl === null ? tls : publicUrl.protocol === "https:";
}

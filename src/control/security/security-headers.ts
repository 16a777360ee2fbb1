/** Headers on every answer that tell browsers what it must not be used for. */

import type { MiddlewareHandler } from "hono";
import { isLoopback, type OwnAddress, requestedHost } from "./own-address.ts";

/** For pages: everything comes from here, nothing is inline, nobody frames them. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** For what is no page, should a browser be made to show it as one. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

const ONE_YEAR_S = 31_536_000;

/** Sets them whatever a route has set, except `cache-control` outside of `/v1`, where files may be kept. */
export function securityHeaders({ tls }: OwnAddress): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
    headers.set("content-security-policy", isPage ? PAGE_POLICY : DATA_POLICY);
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-resource-policy", "same-origin");
    if (context.req.path.startsWith("/v1/") || !headers.has("cache-control")) headers.set("cache-control", "no-store");
    // Of a browser's own machine it would turn every other server there to TLS, too.
    if (tls && !isLoopback(hostnameOf(requestedHost(context)))) {
      headers.set("strict-transport-security", `max-age=${ONE_YEAR_S}`);
    }
  };
}

function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, "");
}

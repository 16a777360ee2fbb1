/** Keeps web pages from using an operator's browser to reach a server that trusts its own machine. */

import type { MiddlewareHandler } from "hono";
import { HttpProblem } from "./problem.ts";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** Whether a host name or address means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Refuses with 403 a Host that is neither this machine nor `listenHost` (a page that had its own name resolve to us), and
 * a change asked for by a page of another origin.
 */
export function requestGuard(listenHost: string): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (!isLoopback(name) && name !== listenHost.toLowerCase()) {
      throw new HttpProblem(403, "this server answers only requests addressed to this machine");
    }
    const origin = context.req.header("origin");
    if (!SAFE_METHODS.includes(context.req.method) && origin !== undefined && origin !== `http://${host}`) {
      throw new HttpProblem(403, "changes from pages of another origin are refused");
    }
    await next();
  };
}

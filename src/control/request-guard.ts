/** Keeps web pages from using an operator's browser to reach a server that trusts its own machine. */

import type { MiddlewareHandler } from "hono";
import { HttpProblem } from "./problem.ts";
import type { Access } from "./security/access.ts";
import { isLoopback, isOwnOrigin, requestedHost } from "./security/own-address.ts";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses a `Host` that is none (400); while nobody needs a token, one that does not mean this machine, for a page may have
 * had its own name resolve to us; and a change asked for by a page of another origin (both 403). Where tokens are needed any
 * name will do: a page under another name has no cookie of ours.
 */
export function requestGuard(access: Access): MiddlewareHandler {
  const { address, denials } = access;
  return async (context, next) => {
    const host = requestedHost(context);
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (name === "") throw new HttpProblem(400, "the request has no Host header that can be understood");
    if (access.isOpen && !isLoopback(name) && name !== address.listenHost.toLowerCase()) {
      const detail = "this server answers only requests addressed to this machine";
      throw denials.refuse(context, { status: 403, reason: "host", detail });
    }
    const origin = context.req.header("origin");
    if (!SAFE_METHODS.includes(context.req.method) && origin !== undefined && !isOwnOrigin(address, origin, host)) {
      const detail = "changes from pages of another origin are refused";
      throw denials.refuse(context, { status: 403, reason: "origin", detail });
    }
    await next();
  };
}

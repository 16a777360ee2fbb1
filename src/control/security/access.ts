/** Decides who a request is from, and whether they may. The only place that does. */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { StraitError } from "../../model/errors.ts";
import { clientAddress } from "../client-address.ts";
import type { Actor } from "../configuration.ts";
import type { HttpProblem } from "../problem.ts";
import type { DenialReason, Denials } from "./denials.ts";
import { FailedAttempts } from "./failed-attempts.ts";
import { isLoopback, isOwnOrigin, isSecure, type OwnAddress, requestedHost } from "./own-address.ts";
import { type Principal, setPrincipal } from "./principal.ts";
import { type NeededRole, permits, type Role } from "./role.ts";
import { isSame } from "./secret-text.ts";
import { type Session, Sessions } from "./sessions.ts";
import { isExpired, type KeptToken } from "./token.ts";
import type { Tokens } from "./tokens.ts";

export const SESSION_COOKIE = "strait_session";
export const CSRF_HEADER = "x-strait-csrf";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];
const CHALLENGE = { "www-authenticate": 'Bearer realm="strait"' };

export interface AccessOptions {
  readonly tokens: Tokens;
  readonly denials: Denials;
  readonly address: OwnAddress;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

export class Access {
  readonly tokens: Tokens;
  readonly denials: Denials;
  readonly address: OwnAddress;
  readonly #sessions: Sessions;
  readonly #failures: FailedAttempts;
  readonly #now: () => number;

  constructor({ tokens, denials, address, now = Date.now }: AccessOptions) {
    this.tokens = tokens;
    this.denials = denials;
    this.address = address;
    this.#now = now;
    this.#sessions = new Sessions({ now });
    this.#failures = new FailedAttempts({ now });
  }

  /** Whether everybody on this machine is an admin: there are no tokens, and nobody else can reach strait. */
  get isOpen(): boolean {
    return !this.tokens.configured && isLoopback(this.address.listenHost);
  }

  /** Lets a request through or throws an {@link HttpProblem}: 401, 403 or 429. Notes who it is from. */
  admit(context: Context, needed: NeededRole): void {
    if (needed === "none") return;
    const principal = this.#identify(context, needed);
    if (!permits(principal.role, needed)) {
      const { name, role } = principal;
      const detail = `token ${name} has role ${role}; this needs role ${inWords(needed)}`;
      throw this.#refuse(context, 403, "role", detail, name);
    }
    setPrincipal(context, principal);
  }

  /** Begins a session for whoever has this token, and sets the cookie. Throws as {@link Access.admit} does. */
  login(context: Context, text: string): Principal {
    if (this.isOpen) throw new StraitError("conflict", "there are no tokens, so nobody has to log in");
    const token = this.#authenticate(context, text);
    const before = this.#sessionId(context);
    if (before !== undefined) this.#sessions.end(before);
    const { id, session } = this.#sessions.begin(token);
    setCookie(context, SESSION_COOKIE, id, {
      ...this.#cookie,
      httpOnly: true,
      sameSite: "Strict",
      maxAge: Math.floor((session.expires - this.#now()) / 1000),
    });
    return this.#sessionPrincipal(id, session);
  }

  /** Ends the session that a request came with, if it came with one. */
  logout(context: Context): void {
    const id = this.#sessionId(context);
    if (id === undefined) return;
    this.#sessions.end(id);
    deleteCookie(context, SESSION_COOKIE, this.#cookie);
  }

  /** Deletes a token and ends its sessions. Throws as {@link Tokens.delete} does. */
  deleteToken(name: string, actor: Actor): void {
    this.tokens.delete(name, actor);
    this.#sessions.endOf(name);
  }

  #identify(context: Context, needed: Role): Principal {
    if (this.isOpen) {
      return { name: null, role: "admin", expires: null, session: null, isCurrent: () => this.isOpen };
    }
    const authorization = context.req.header("authorization");
    if (authorization !== undefined) {
      const [, text = ""] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
      const token = this.#authenticate(context, text);
      const expires = token.expires === null ? null : Date.parse(token.expires);
      return {
        name: token.name,
        role: token.role,
        expires,
        session: null,
        isCurrent: () => this.tokens.isCurrent(token),
      };
    }
    const id = this.#sessionId(context);
    if (id === undefined) {
      const how = "send it as `Authorization: Bearer TOKEN` (STRAIT_TOKEN for the command line), or log in";
      const detail = `this needs a token with role ${inWords(needed)}: ${how}`;
      throw this.#refuse(context, 401, "no-token", detail);
    }
    const session = this.#sessions.find(id);
    if (session === null || !this.tokens.isCurrent(session.token)) {
      throw this.#refuse(context, 401, "session-over", "the session is over; log in again");
    }
    this.#requireIntent(context, session);
    return this.#sessionPrincipal(id, session);
  }

  /** The token with this text. Wrong ones are counted, and a client with too many hears that it has to wait. */
  #authenticate(context: Context, text: string): KeptToken {
    const token = this.tokens.find(text);
    if (token !== null && !isExpired(token, this.#now())) return token;
    // A valid token is never kept waiting: others may share the address, and nobody can guess one in any time.
    const waitMs = this.#failures.count(clientAddress(context));
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const detail = `too many wrong tokens from this address; try again in ${seconds} s`;
      throw this.#refuse(context, 429, "too-many-failures", detail, null, { "retry-after": String(seconds) });
    }
    if (token === null) throw this.#refuse(context, 401, "wrong-token", "there is no such token");
    throw this.#refuse(context, 401, "expired-token", `token ${token.name} has expired`, token.name);
  }

  /** A browser sends the cookie along whoever made it ask. So a change needs what only our own pages know. */
  #requireIntent(context: Context, { csrf, token }: Session): void {
    if (SAFE_METHODS.includes(context.req.method)) return;
    const origin = context.req.header("origin");
    const isOwn = origin !== undefined && isOwnOrigin(this.address, origin, requestedHost(context));
    if (isOwn && isSame(context.req.header(CSRF_HEADER) ?? "", csrf)) return;
    const detail = `changes by a session need the header ${CSRF_HEADER}, as given at login, and an Origin that is ours`;
    throw this.#refuse(context, 403, "csrf", detail, token.name);
  }

  #sessionPrincipal(id: string, session: Session): Principal {
    const { token, expires } = session;
    const isCurrent = () => this.#sessions.find(id) === session && this.tokens.isCurrent(token);
    return { name: token.name, role: token.role, expires, session, isCurrent };
  }

  #sessionId(context: Context): string | undefined {
    return isSecure(this.address) ? getCookie(context, SESSION_COOKIE, "host") : getCookie(context, SESSION_COOKIE);
  }

  get #cookie() {
    return isSecure(this.address) ? ({ path: "/", secure: true, prefix: "host" } as const) : ({ path: "/" } as const);
  }

  #refuse(
    context: Context,
    status: 401 | 403 | 429,
    reason: DenialReason,
    detail: string,
    token: string | null = null,
    headers: Readonly<Record<string, string>> = status === 401 ? CHALLENGE : {},
  ): HttpProblem {
    return this.denials.refuse(context, { status, reason, detail, headers, ...(token !== null && { token }) });
  }
}

/** The roles that include one. */
function inWords(needed: Role): string {
  if (needed === "viewer") return "viewer or any other";
  return needed === "admin" ? needed : `${needed} or admin`;
}

/** Who is logged in with a browser. Kept in memory: after a restart people log in again. */

import { hashOf, newSecretText } from "./secret-text.ts";
import type { KeptToken } from "./token.ts";

export interface Session {
  readonly token: KeptToken;
  /** What the browser has to send along with a change, so that a page of somebody else cannot make one. */
  readonly csrf: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export interface SessionsOptions {
  /** How long one lasts, milliseconds. Default 12 hours; a token that expires earlier ends it. */
  readonly lifetimeMs?: number;
  /** One more ends the oldest of the same token, so that no token can end the sessions of another. Default 20. */
  readonly maxPerToken?: number;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

const TWELVE_HOURS_MS = 12 * 60 * 60 * 1000;

export class Sessions {
  readonly #lifetimeMs: number;
  readonly #maxPerToken: number;
  readonly #now: () => number;
  /** By the hash of their id, oldest first: looking one up tells nothing by time of the ids there are. */
  readonly #sessions = new Map<string, Session>();

  constructor({ lifetimeMs = TWELVE_HOURS_MS, maxPerToken = 20, now = Date.now }: SessionsOptions = {}) {
    this.#lifetimeMs = lifetimeMs;
    this.#maxPerToken = maxPerToken;
    this.#now = now;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Begins one. Its id is for the browser only. */
  begin(token: KeptToken): { readonly id: string; readonly session: Session } {
    const now = this.#now();
    for (const [key, { expires }] of this.#sessions) if (expires <= now) this.#sessions.delete(key);
    const own = [...this.#sessions].filter(([, session]) => session.token === token);
    for (const [key] of own.slice(0, Math.max(0, own.length + 1 - this.#maxPerToken))) this.#sessions.delete(key);

    const id = newSecretText();
    const until = token.expires === null ? Number.POSITIVE_INFINITY : Date.parse(token.expires);
    const session = { token, csrf: newSecretText(), expires: Math.min(now + this.#lifetimeMs, until) };
    this.#sessions.set(hashOf(id), session);
    return { id, session };
  }

  /** The session with this id; null if there is none or it is over. */
  find(id: string): Session | null {
    const session = this.#sessions.get(hashOf(id));
    return session !== undefined && session.expires > this.#now() ? session : null;
  }

  /** Ends one, if it is there. */
  end(id: string): void {
    this.#sessions.delete(hashOf(id));
  }

  /** Ends all of the token with this name. */
  endOf(name: string): void {
    for (const [key, { token }] of this.#sessions) if (token.name === name) this.#sessions.delete(key);
  }
}

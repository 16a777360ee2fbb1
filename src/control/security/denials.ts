/** Requests that were refused because of who asked: counted all, logged within reason. */

import type { Context } from "hono";
import type { Logger } from "pino";
import { clientAddress } from "../client-address.ts";
import { HttpProblem } from "../problem.ts";
import { withoutTokens } from "./secret-text.ts";

export const DENIAL_REASONS = [
  "host",
  "origin",
  "no-token",
  "wrong-token",
  "expired-token",
  "too-many-failures",
  "session-over",
  "csrf",
  "role",
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];

export interface Denial {
  readonly status: 401 | 403 | 429;
  readonly reason: DenialReason;
  /** What the client is told. */
  readonly detail: string;
  /** The name of the token it came with, where it came with one that is known. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whoever can be refused can fill a disk with lines about it. */
const LINES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
const MAX_PATH = 200;

export class Denials {
  readonly #counts = new Map<DenialReason, number>(DENIAL_REASONS.map((reason) => [reason, 0]));
  readonly #log: Pick<Logger, "warn">;
  readonly #now: () => number;
  #minute = { since: Number.NEGATIVE_INFINITY, lines: 0, omitted: 0 };

  constructor(log: Pick<Logger, "warn">, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  /** How many there were for each reason. */
  get counts(): ReadonlyMap<DenialReason, number> {
    return this.#counts;
  }

  /** Counts and logs a refused request. Returns what to throw. */
  refuse(context: Context, { status, reason, detail, token, headers = {} }: Denial): HttpProblem {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    const now = this.#now();
    if (now >= this.#minute.since + MINUTE_MS) {
      if (this.#minute.omitted > 0) this.#log.warn({ omitted: this.#minute.omitted }, "more requests were refused");
      this.#minute = { since: now, lines: 0, omitted: 0 };
    }
    if (this.#minute.lines < LINES_PER_MINUTE) {
      this.#minute.lines++;
      const { method, path } = context.req;
      const facts = {
        reason,
        status,
        method,
        path: withoutTokens(path.slice(0, MAX_PATH)),
        client: clientAddress(context),
      };
      this.#log.warn({ ...facts, ...(token !== undefined && { token }) }, "request refused");
    } else {
      this.#minute.omitted++;
    }
    return new HttpProblem(status, detail, { headers });
  }
}

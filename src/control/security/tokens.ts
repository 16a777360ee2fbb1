/** The tokens of a state directory: making and deleting them, and finding the one a request comes with. */

import { refuse } from "../../config/invalid-configuration.ts";
import { validated } from "../../config/validate.ts";
import { StraitError } from "../../model/errors.ts";
import type { AuditLog } from "../audit-log.ts";
import { type Actor, found } from "../configuration.ts";
import { hashOf, isSame, isTokenText, newTokenText } from "./secret-text.ts";
import { isExpired, type KeptToken, type NewToken, shownToken, type Token, TokenInput } from "./token.ts";
import { readTokens, writeTokens } from "./token-file.ts";

/** Each is compared with for every request, and may have sessions. */
const MAX_TOKENS = 500;

export interface TokensOptions {
  readonly directory: string;
  readonly audit: Pick<AuditLog, "append">;
  /** Whether there must always be a token for an admin: where strait listens beyond this machine. */
  readonly needsAdmin: boolean;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

export class Tokens {
  readonly #options: TokensOptions;
  readonly #now: () => number;
  #tokens: readonly KeptToken[];

  /** Reads what is kept. Throws `configuration` where it is damaged. */
  constructor(options: TokensOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#tokens = readTokens(options.directory);
  }

  /** Whether requests need a token. Those that have expired count: time does not open a server. */
  get configured(): boolean {
    return this.#tokens.length > 0;
  }

  /** Whether there is a token for an admin that has not expired. */
  get hasAdmin(): boolean {
    return this.#admins().length > 0;
  }

  /** By name. */
  list(): Token[] {
    return this.#tokens.map(shownToken).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The token with this text, also one that has expired; null if there is none. Looks at all, whichever fits. */
  find(text: string): KeptToken | null {
    if (!isTokenText(text)) return null;
    const hash = hashOf(text);
    let match: KeptToken | null = null;
    for (const token of this.#tokens) if (isSame(token.hash, hash)) match = token;
    return match;
  }

  /** Whether it is still there and has not expired. */
  isCurrent(token: KeptToken): boolean {
    return this.#tokens.includes(token) && !isExpired(token, this.#now());
  }

  /**
   * Makes a token. Throws for bad input, and `conflict` for a name that is taken, for the first token if it is not an
   * admin's, and where there are too many.
   */
  create(input: unknown, actor: Actor): NewToken {
    const { name, role, expires = null } = validated(TokenInput, input);
    const now = this.#now();
    if (expires !== null && Date.parse(expires) <= now) {
      refuse([{ path: "/expires", message: "must be in the future" }]);
    }
    if (this.#tokens.some((token) => token.name === name)) {
      throw new StraitError("conflict", `token ${name} exists already; delete it first, or choose another name`);
    }
    if (role !== "admin" && !this.hasAdmin) {
      throw new StraitError("conflict", "the first token must have role admin: nobody else could make or delete one");
    }
    if (this.#tokens.length >= MAX_TOKENS) {
      throw new StraitError("conflict", `there are ${MAX_TOKENS} tokens already; delete those nobody uses`);
    }
    const text = newTokenText();
    const created = new Date(now).toISOString();
    const token: KeptToken = { name, role, created, expires, hash: hashOf(text) };
    const shown = shownToken(token);
    this.#commit([...this.#tokens, token], actor, { action: "token.create", name, before: null, after: shown });
    return { ...shown, token: text };
  }

  /** Deletes a token. Throws `not-found`, and `conflict` for the last admin's where others or remote clients need one. */
  delete(name: string, actor: Actor): void {
    const token = found(this.#tokens, name, "token");
    const rest = this.#tokens.filter((other) => other !== token);
    const admins = this.#admins();
    if (admins.includes(token) && admins.length === 1) {
      if (this.#options.needsAdmin) {
        throw new StraitError("conflict", `${name} is the last admin token, and strait listens beyond this machine`);
      }
      if (rest.length > 0) {
        const remedy = "delete the others first, or make another admin token";
        throw new StraitError("conflict", `${name} is the last admin token: nobody could manage the others; ${remedy}`);
      }
    }
    this.#commit(rest, actor, { action: "token.delete", name, before: shownToken(token), after: null });
  }

  #admins(): KeptToken[] {
    return this.#tokens.filter((token) => token.role === "admin" && !isExpired(token, this.#now()));
  }

  /** Audits before it stores, as all changes do. */
  #commit(
    tokens: readonly KeptToken[],
    actor: Actor,
    { action, name, before, after }: { action: string; name: string; before: Token | null; after: Token | null },
  ): void {
    const { audit, directory } = this.#options;
    const change = { ...actor, action, resource: `tokens/${name}`, before, after };
    audit.append(change);
    try {
      writeTokens(directory, tokens);
    } catch (error) {
      audit.append({ ...change, action: `${action}.failed`, after: before });
      throw error;
    }
    this.#tokens = tokens;
  }
}

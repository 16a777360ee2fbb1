/** The tokens of a state directory while no strait runs on it: how the first one is made on a machine. */

import { mkdirSync } from "node:fs";
import { messageOf, StraitError } from "../../model/errors.ts";
import { AuditLog } from "../audit-log.ts";
import type { Actor } from "../configuration.ts";
import { lockDirectory } from "../state-lock.ts";
import { Tokens } from "./tokens.ts";

/** Who makes changes without a server: whoever may write to the directory. */
export const COMMAND_LINE: Actor = { token: null, via: "cli" };

export interface StoredTokensOptions {
  /** Whether a directory that is missing is made. Default false. */
  readonly make?: boolean;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

/**
 * Holds the directory while `use` runs; what it changes is in the audit log. Throws `conflict` where a strait runs on it, and
 * what `use` throws.
 */
export function withStoredTokens<T>(
  directory: string,
  use: (tokens: Tokens) => T,
  { make = false, now = Date.now }: StoredTokensOptions = {},
): T {
  const closing: (() => void)[] = [];
  try {
    if (make) makeDirectory(directory);
    closing.push(lock(directory));
    const audit = new AuditLog(directory);
    closing.push(() => audit.close());
    return use(new Tokens({ directory, audit, needsAdmin: false, now }));
  } finally {
    for (const close of closing.reverse()) close();
  }
}

function lock(directory: string): () => void {
  try {
    return lockDirectory(directory);
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "conflict") throw error;
    throw new StraitError("conflict", `${error.message}; or leave out --state to ask it`, { cause: error });
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StraitError("configuration", `cannot make ${directory}: ${messageOf(error)}`, { cause: error });
  }
}

/** The record of every change: a file that is only appended to, each line carrying the hash of the one before. */

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Static, Type } from "typebox";
import { messageOf, StraitError } from "../model/errors.ts";

export const AuditEntry = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: "Counts up by one; use it as `after` or `before`." }),
    at: Type.String({ format: "date-time" }),
    token: Type.Union([Type.String(), Type.Null()], { description: "Which token made the change; null without one." }),
    via: Type.Union([Type.Literal("http"), Type.Literal("file"), Type.Literal("cli")], {
      description: "cli: by the command line on the state directory, without a server.",
    }),
    action: Type.String({ description: "What was done, as `link.pause`." }),
    resource: Type.String({ description: "To what, as `links/eu-to-us/mappings/orders`." }),
    before: Type.Unknown({ description: "The resource before, secrets masked; null if there was none." }),
    after: Type.Unknown({ description: "The resource after, secrets masked; null if it is gone." }),
    previousHash: Type.String({ description: "Hash of the entry before; zeros for the first." }),
    hash: Type.String({ description: "SHA-256, hex, over this entry's JSON without this field." }),
  },
  { additionalProperties: false },
);
export type AuditEntry = Static<typeof AuditEntry>;

/** A change to be recorded. */
export type AuditedChange = Pick<AuditEntry, "token" | "via" | "action" | "resource" | "before" | "after">;

export const AuditVerification = Type.Object(
  {
    entries: Type.Integer({ description: "How many entries there are up to the first that is wrong." }),
    lastHash: Type.String({
      description: "Of the last of them. Keep it elsewhere to see later that nothing was cut off or made anew.",
    }),
    problem: Type.Union([Type.String(), Type.Null()], { description: "What is wrong; null if nothing is." }),
  },
  { additionalProperties: false, description: "Whether each entry is as it was written and follows the one before." },
);
export type AuditVerification = Static<typeof AuditVerification>;

const FIRST_HASH = "0".repeat(64);

/** So many entries are checked before others have their turn. */
const ENTRIES_AT_ONCE = 500;

/** Which entries, of those between two sequences; all of them by default. */
export interface AuditRange {
  readonly after?: number;
  readonly before?: number;
  /** Which end to begin at. Default `oldest`. */
  readonly order?: "oldest" | "newest";
  /** Default 1000. */
  readonly limit?: number;
}

/** The audit log of a state directory. */
export class AuditLog {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #entries: AuditEntry[];

  /** Opens the log and checks its chain. A last line that a crash cut off was never acknowledged and is removed. */
  constructor(directory: string) {
    const file = auditFile(directory);
    this.#file = file;
    this.#descriptor = openSync(file, "a+", 0o600);
    try {
      const content = readFileSync(file);
      const whole = content.subarray(0, content.lastIndexOf(0x0a) + 1);
      this.#entries = checkedEntries(file, whole.toString("utf8"));
      if (whole.length < content.length) ftruncateSync(this.#descriptor, whole.length);
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Appends an entry; it is on disk when this returns. */
  append(change: AuditedChange): AuditEntry {
    const last = this.#entries.at(-1);
    const content = {
      sequence: (last?.sequence ?? 0) + 1,
      at: new Date().toISOString(),
      ...change,
      previousHash: last?.hash ?? FIRST_HASH,
    };
    const entry: AuditEntry = { ...content, hash: hashOf(content) };
    writeFileSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#descriptor);
    this.#entries.push(entry);
    return entry;
  }

  /** Entries with a sequence between `after` and `before`, at most `limit`: the first ones or, newest first, the last. */
  entries({ after = 0, before = Number.POSITIVE_INFINITY, order = "oldest", limit = 1000 }: AuditRange): AuditEntry[] {
    const between = this.#entries.slice(after, Math.max(0, before - 1));
    return order === "oldest" ? between.slice(0, limit) : between.reverse().slice(0, limit);
  }

  /** Reads the file anew and checks it, also against what was written. Rejects as {@link verifyAuditLog} does. */
  async verify(): Promise<AuditVerification> {
    // What is appended meanwhile counts for neither side.
    const written = this.#entries.length;
    const last = this.#entries.at(-1)?.hash ?? FIRST_HASH;
    const found = await verifyFile(this.#file, written);
    if (found.problem !== null || (found.entries === written && found.lastHash === last)) return found;
    return {
      ...found,
      problem: `the file has ${found.entries} of the ${written} entries that were written, or others`,
    };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Checks the audit log of a state directory, whether a strait runs on it or not. Rejects with `configuration` if it cannot be read. */
export async function verifyAuditLog(directory: string): Promise<AuditVerification> {
  return await verifyFile(auditFile(directory), Number.POSITIVE_INFINITY);
}

async function verifyFile(file: string, atMost: number): Promise<AuditVerification> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new StraitError("configuration", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
  let entries = 0;
  let lastHash = FIRST_HASH;
  // What follows the last line end was never acknowledged.
  for (const line of text.split("\n").slice(0, -1)) {
    if (entries >= atMost) break;
    const entry = parsed(line);
    if (entry === null || !follows(entry, entries, lastHash)) {
      return { entries, lastHash, problem: `entry ${entries + 1} was changed, or does not follow the one before` };
    }
    entries++;
    lastHash = entry.hash;
    if (entries % ENTRIES_AT_ONCE === 0) await setImmediate();
  }
  return { entries, lastHash, problem: null };
}

function auditFile(directory: string): string {
  return join(directory, "audit.jsonl");
}

function follows(entry: AuditEntry, entriesBefore: number, previousHash: string): boolean {
  return entry.sequence === entriesBefore + 1 && entry.previousHash === previousHash && isIntact(entry);
}

function checkedEntries(file: string, text: string): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previousHash = FIRST_HASH;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const entry = parsed(line);
    if (entry === null || !follows(entry, entries.length, previousHash)) {
      throw new StraitError(
        "configuration",
        `${file} is damaged: entry ${entries.length + 1} does not continue the one before; keep a copy, then move it away to start a new log`,
      );
    }
    entries.push(entry);
    previousHash = entry.hash;
  }
  return entries;
}

function parsed(line: string): AuditEntry | null {
  try {
    return JSON.parse(line) as AuditEntry | null;
  } catch {
    return null; // reported by the caller as damage
  }
}

function isIntact({ hash, ...content }: AuditEntry): boolean {
  return hash === hashOf(content);
}

function hashOf(content: Omit<AuditEntry, "hash">): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

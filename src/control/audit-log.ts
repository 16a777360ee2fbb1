/** The record of every change: a file that is only appended to, each line carrying the hash of the one before. */

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { StraitError } from "../model/errors.ts";

export const AuditEntry = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: "Counts up by one; use it as `after`." }),
    at: Type.String({ format: "date-time" }),
    token: Type.Union([Type.String(), Type.Null()], { description: "Which token made the change; null without one." }),
    via: Type.Union([Type.Literal("http"), Type.Literal("file")]),
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

const FIRST_HASH = "0".repeat(64);

/** The audit log of a state directory. */
export class AuditLog {
  readonly #descriptor: number;
  readonly #entries: AuditEntry[];

  /** Opens the log and checks its chain. A last line that a crash cut off was never acknowledged and is removed. */
  constructor(directory: string) {
    const file = join(directory, "audit.jsonl");
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
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#descriptor);
    this.#entries.push(entry);
    return entry;
  }

  /** Entries with a sequence above `after`, oldest first, at most `limit`. */
  entries(after: number, limit: number): readonly AuditEntry[] {
    return this.#entries.slice(after, after + limit);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function checkedEntries(file: string, text: string): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previousHash = FIRST_HASH;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const entry = parsed(line);
    const continues = entry !== null && entry.sequence === entries.length + 1 && entry.previousHash === previousHash;
    if (!continues || !isIntact(entry)) {
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

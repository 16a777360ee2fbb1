import { describe, expect, test } from "bun:test";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuditLog } from "../../src/control/audit-log.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const CHANGE = {
  token: null,
  via: "http",
  action: "link.add",
  resource: "links/a",
  before: null,
  after: { name: "a" },
} as const;

function logWith(path: string, entries: number): void {
  const log = new AuditLog(path);
  for (let entry = 0; entry < entries; entry++) log.append(CHANGE);
  log.close();
}

describe("AuditLog", () => {
  test("each entry carries the hash of the one before, also after a restart", () => {
    using directory = temporaryDirectory();
    logWith(directory.path, 2);
    const log = new AuditLog(directory.path);
    log.append(CHANGE);
    const entries = log.entries({});
    log.close();
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(entries[0]?.previousHash).toBe("0".repeat(64));
    expect(entries.slice(1).map(({ previousHash }) => previousHash)).toEqual(
      entries.slice(0, 2).map(({ hash }) => hash),
    );
  });

  test("entries after a sequence come in order, at most so many", () => {
    using directory = temporaryDirectory();
    logWith(directory.path, 5);
    const log = new AuditLog(directory.path);
    expect(log.entries({ after: 1, limit: 2 }).map(({ sequence }) => sequence)).toEqual([2, 3]);
    log.close();
  });

  test("a line that a crash cut off is removed and the chain goes on", () => {
    using directory = temporaryDirectory();
    logWith(directory.path, 1);
    appendFileSync(join(directory.path, "audit.jsonl"), '{"sequence":2,"at":"20');
    logWith(directory.path, 1);
    const log = new AuditLog(directory.path);
    expect(log.entries({})).toHaveLength(2);
    log.close();
  });

  test.each<[string, (text: string) => string]>([
    ["changed", (text) => text.replace("links/a", "links/b")],
    ["missing", (text) => text.split("\n").slice(1).join("\n")],
    ["no JSON", (text) => text.replace("{", "<")],
  ])("an entry that is %s is found", (_title, damage) => {
    using directory = temporaryDirectory();
    logWith(directory.path, 3);
    const file = join(directory.path, "audit.jsonl");
    writeFileSync(file, damage(readFileSync(file, "utf8")));
    expect(() => new AuditLog(directory.path)).toThrow("entry 1 does not continue");
  });
});

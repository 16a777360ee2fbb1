import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuditLog } from "../../../src/control/audit-log.ts";
import { hashOf } from "../../../src/control/security/secret-text.ts";
import { Tokens } from "../../../src/control/security/tokens.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { ACTOR } from "./secured-control.ts";

interface Opened extends Disposable {
  readonly directory: string;
  readonly audit: AuditLog;
  readonly clock: { now: number };
  readonly tokens: Tokens;
  /** Reads them anew. */
  reopened(): Tokens;
}

function opened({ needsAdmin = false } = {}): Opened {
  const directory = temporaryDirectory();
  const audit = new AuditLog(directory.path);
  const clock = { now: Date.parse("2026-11-22T08:00:00Z") };
  const open = () => new Tokens({ directory: directory.path, audit, needsAdmin, now: () => clock.now });
  return {
    directory: directory.path,
    audit,
    clock,
    tokens: open(),
    reopened: open,
    [Symbol.dispose]: () => {
      audit.close();
      directory[Symbol.dispose]();
    },
  };
}

const make = (tokens: Tokens, name: string, role = "admin", expires: string | null = null) =>
  tokens.create({ name, role, expires }, ACTOR).token;

describe("a token", () => {
  test("is kept as a hash only, in a file of its owner, and found again after a restart", () => {
    using subject = opened();
    const text = make(subject.tokens, "ci");
    expect(text).toMatch(/^strait_[A-Za-z0-9_-]{43}$/);
    const file = join(subject.directory, "tokens.json");
    const kept = readFileSync(file, "utf8");
    expect(kept).not.toContain(text.slice("strait_".length));
    expect(kept).toContain(hashOf(text));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(subject.reopened().find(text)).toMatchObject({ name: "ci", role: "admin" });
  });

  test.each<[string, (text: string) => string]>([
    ["another one", (text) => text.replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
    ["its hash", hashOf],
    ["its name", () => "ci"],
    ["nothing", () => ""],
    ["more", (text) => `${text}x`],
  ])("is not found by %s", (_title, other) => {
    using subject = opened();
    const text = make(subject.tokens, "ci");
    expect(subject.tokens.find(other(text))).toBeNull();
  });

  test("is current until it expires or is deleted", () => {
    using subject = opened();
    make(subject.tokens, "root");
    const text = make(subject.tokens, "ci", "viewer", "2026-11-22T09:00:00Z");
    const token = subject.tokens.find(text);
    if (token === null) throw new Error("it is not found");
    expect(subject.tokens.isCurrent(token)).toBe(true);
    subject.clock.now = Date.parse("2026-11-22T09:00:00Z");
    expect(subject.tokens.isCurrent(token)).toBe(false);
    subject.clock.now = Date.parse("2026-11-22T08:30:00Z");
    subject.tokens.delete("ci", ACTOR);
    expect(subject.tokens.isCurrent(token)).toBe(false);
    expect(subject.tokens.find(text)).toBeNull();
  });

  test("is in the audit log without its text and hash, when it is made and when it is deleted", () => {
    using subject = opened();
    const text = make(subject.tokens, "root");
    subject.tokens.delete("root", { token: "root", via: "http" });
    const entries = subject.audit.entries({});
    expect(entries).toMatchObject([
      {
        token: null,
        via: "cli",
        action: "token.create",
        resource: "tokens/root",
        before: null,
        after: { role: "admin" },
      },
      { token: "root", via: "http", action: "token.delete", before: { name: "root" }, after: null },
    ]);
    for (const secret of [text, hashOf(text)]) expect(JSON.stringify(entries)).not.toContain(secret);
  });
});

describe("refused is", () => {
  test.each<[string, object, RegExp]>([
    ["a bad name", { name: "A b", role: "admin" }, /\/name/],
    ["an unknown role", { name: "a", role: "root" }, /\/role/],
    ["an unknown field", { name: "a", role: "admin", expiry: null }, /did you mean `expires`/],
    ["a time that is over", { name: "a", role: "admin", expires: "2026-11-22T08:00:00Z" }, /in the future/],
    ["a time that is none", { name: "a", role: "admin", expires: "tomorrow" }, /\/expires/],
    ["a first one that is no admin's", { name: "a", role: "operator" }, /first token must have role admin/],
  ])("%s", (_title, input, message) => {
    using subject = opened();
    expect(() => subject.tokens.create(input, ACTOR)).toThrow(message);
    expect(subject.tokens.configured).toBe(false);
  });

  test("a name that is taken", () => {
    using subject = opened();
    make(subject.tokens, "ci");
    expect(() => make(subject.tokens, "ci")).toThrow("exists already");
  });

  test("deleting the last admin's while others would be left that nobody can manage", () => {
    using subject = opened();
    make(subject.tokens, "root");
    make(subject.tokens, "ci", "viewer");
    expect(() => subject.tokens.delete("root", ACTOR)).toThrow("nobody could manage the others");
    subject.tokens.delete("ci", ACTOR);
    subject.tokens.delete("root", ACTOR);
    expect(subject.tokens.configured).toBe(false);
  });

  test("deleting the last admin's where others can reach strait; one that has expired is none", () => {
    using subject = opened({ needsAdmin: true });
    make(subject.tokens, "root");
    make(subject.tokens, "short", "admin", "2026-11-22T09:00:00Z");
    subject.clock.now = Date.parse("2026-11-22T10:00:00Z");
    expect(() => subject.tokens.delete("root", ACTOR)).toThrow("listens beyond this machine");
    subject.tokens.delete("short", ACTOR);
  });

  test.each<[string, string]>([
    ["no JSON", "{"],
    ["another shape", '{"version":1,"tokens":[{"name":"a","role":"admin"}]}'],
    ["another version", '{"version":2,"tokens":[]}'],
    ["nothing", ""],
  ])("a file with %s, for it is not the same as no tokens", (_title, text) => {
    using subject = opened();
    writeFileSync(join(subject.directory, "tokens.json"), text);
    expect(() => subject.reopened()).toThrow("is damaged");
  });
});

test("tokens that have all expired still keep everybody out", () => {
  using subject = opened();
  make(subject.tokens, "root", "admin", "2026-11-22T09:00:00Z");
  subject.clock.now = Date.parse("2026-11-23T00:00:00Z");
  expect([subject.reopened().configured, subject.tokens.hasAdmin]).toEqual([true, false]);
});

test("a change that cannot be stored is not made, and the audit log says so", () => {
  using subject = opened();
  const inTheWay = join(subject.directory, "tokens.json.new");
  mkdirSync(inTheWay);
  expect(() => make(subject.tokens, "root")).toThrow();
  rmdirSync(inTheWay);
  expect(subject.tokens.configured).toBe(false);
  expect(subject.audit.entries({}).map(({ action }) => action)).toEqual(["token.create", "token.create.failed"]);
});

test("a file that others could read is made one of its owner at the next change", () => {
  using subject = opened();
  make(subject.tokens, "root");
  const file = join(subject.directory, "tokens.json");
  chmodSync(file, 0o644);
  make(subject.tokens, "ci");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

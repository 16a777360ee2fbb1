import { describe, expect, test } from "bun:test";
import { Sessions } from "../../../src/control/security/sessions.ts";
import type { KeptToken } from "../../../src/control/security/token.ts";

const tokenOf = (name: string, expires: string | null = null): KeptToken => ({
  name,
  role: "viewer",
  created: "2026-11-22T08:00:00Z",
  expires,
  hash: name,
});

const START = Date.parse("2026-11-22T08:00:00Z");

describe("a session", () => {
  test("is over after its time, at the moment it is", () => {
    let now = START;
    const sessions = new Sessions({ lifetimeMs: 1000, now: () => now });
    const { id, session } = sessions.begin(tokenOf("a"));
    expect(session.expires).toBe(START + 1000);
    now = START + 999;
    expect(sessions.find(id)).toBe(session);
    now = START + 1000;
    expect(sessions.find(id)).toBeNull();
  });

  test("lasts no longer than its token", () => {
    const sessions = new Sessions({ now: () => START });
    expect(sessions.begin(tokenOf("a", "2026-11-22T08:05:00Z")).session.expires).toBe(START + 300_000);
    expect(sessions.begin(tokenOf("a")).session.expires).toBe(START + 12 * 3_600_000);
  });

  test("is not found by anything but its id", () => {
    const sessions = new Sessions();
    const { id, session } = sessions.begin(tokenOf("a"));
    for (const other of ["", session.csrf, `${id}x`, "a"]) expect(sessions.find(other)).toBeNull();
  });

  test("ends when it is ended, and the others go on", () => {
    const sessions = new Sessions();
    const [one, two, other] = [
      sessions.begin(tokenOf("a")),
      sessions.begin(tokenOf("a")),
      sessions.begin(tokenOf("b")),
    ];
    sessions.end(one.id);
    expect([sessions.find(one.id), sessions.find(two.id)]).toEqual([null, two.session]);
    sessions.endOf("a");
    expect([sessions.find(two.id), sessions.find(other.id)]).toEqual([null, other.session]);
  });
});

test("one token has so many at most, the oldest end, and those of others are not touched", () => {
  const sessions = new Sessions({ maxPerToken: 3 });
  const token = tokenOf("a");
  const other = sessions.begin(tokenOf("b"));
  const ids = Array.from({ length: 50 }, () => sessions.begin(token).id);
  expect(ids.map((id) => sessions.find(id) !== null)).toEqual([...Array(47).fill(false), true, true, true]);
  expect(sessions.find(other.id)).toBe(other.session);
  expect(sessions.size).toBe(4);
});

test("those that are over are forgotten", () => {
  let now = START;
  const sessions = new Sessions({ lifetimeMs: 1000, now: () => now });
  for (const name of ["a", "b", "c"]) sessions.begin(tokenOf(name));
  now = START + 1000;
  sessions.begin(tokenOf("d"));
  expect(sessions.size).toBe(1);
});

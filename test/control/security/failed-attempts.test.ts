import { describe, expect, test } from "bun:test";
import { FailedAttempts } from "../../../src/control/security/failed-attempts.ts";

const START = Date.parse("2026-11-22T08:00:00Z");

const counted = (attempts: FailedAttempts, address: string, times: number): number[] =>
  Array.from({ length: times }, () => attempts.count(address));

describe("FailedAttempts", () => {
  test("keeps a client waiting that has failed too often, until its minute is over", () => {
    let now = START;
    const attempts = new FailedAttempts({ perMinute: 2, now: () => now });
    expect(counted(attempts, "192.0.2.1", 2)).toEqual([0, 0]);
    now = START + 45_000;
    expect(counted(attempts, "192.0.2.1", 1)).toEqual([15_000]);
    now = START + 60_000;
    expect(counted(attempts, "192.0.2.1", 3)).toEqual([0, 0, 60_000]);
  });

  test("keeps nobody else waiting", () => {
    const attempts = new FailedAttempts({ perMinute: 1, now: () => START });
    counted(attempts, "192.0.2.1", 5);
    expect(attempts.count("192.0.2.2")).toBe(0);
  });

  test.each<[string, string, string, boolean]>([
    ["one network of IPv6", "2001:db8:0:1::1", "2001:db8:0:1:ffff:2:3:4", true],
    ["one network, its zeros left out", "2001:db8::1:0:0:1", "2001:db8:0:0:1::2", true],
    ["zeros left out elsewhere", "2001:db8:0:1::", "2001:db8:0:1::9", true],
    ["two networks of IPv6", "2001:db8:0:1::1", "2001:db8:0:2::1", false],
    ["IPv4 and the same in IPv6", "192.0.2.1", "::ffff:192.0.2.1", true],
    ["loopback of both kinds", "127.0.0.1", "::1", false],
    ["two of IPv4", "192.0.2.1", "192.0.2.10", false],
  ])("takes for one client: %s", (_title, one, other, isSame) => {
    const attempts = new FailedAttempts({ perMinute: 1, now: () => START });
    attempts.count(one);
    expect(attempts.count(other) > 0).toBe(isSame);
  });

  test("remembers so many clients at most, and forgets those first that failed first", () => {
    const attempts = new FailedAttempts({ perMinute: 1, maxClients: 100, now: () => START });
    for (let client = 0; client < 10_000; client++) attempts.count(`client ${client}`);
    expect(attempts.size).toBe(100);
    expect(attempts.count("client 9950")).toBeGreaterThan(0);
    expect(attempts.count("client 0")).toBe(0);
  });
});

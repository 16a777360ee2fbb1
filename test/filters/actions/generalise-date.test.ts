import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { actionOn, failureOf, integer } from "./action-on.ts";

type Period = "year" | "month" | "day";
const PERIODS: readonly Period[] = ["year", "month", "day"];
const LOGICAL: Readonly<Record<string, bigint>> = {
  "timestamp-millis": 1n,
  "timestamp-micros": 1000n,
  "timestamp-nanos": 1_000_000n,
  "local-timestamp-millis": 1n,
  "local-timestamp-micros": 1000n,
  "local-timestamp-nanos": 1_000_000n,
};

describe("a date as text", () => {
  const cases: readonly [text: string, to: Period, expected: string][] = [
    ["2026-11-22", "year", "2026"],
    ["2026-11-22", "month", "2026-11"],
    ["2026-11-22T23:30:00Z", "month", "2026-11"],
    ["2026-11-22T23:30:00.123456+05:30", "day", "2026-11-22"],
    ["2026-12-31t23:59:60z", "year", "2026"],
    ["2024-02-29 10:00:00-03:00", "month", "2024-02"],
    ["2026-11-22T10:00:00", "day", "2026-11-22"],
  ];
  for (const [text, to, expected] of cases) {
    test(`${text} becomes ${expected}`, async () => {
      expect((await actionOn({ action: "generalise", to })).text(text)).toBe(expected);
    });
  }

  test("stays when it says no more already", async () => {
    expect((await actionOn({ action: "generalise", to: "day" })).text("2026-11-22")).toBeNull();
  });

  for (const text of [
    "",
    "2026-13-01",
    "2026-02-29",
    "2026-00-10",
    "2026-01-00",
    "22.11.2026",
    "2026-11",
    "1700000000",
  ]) {
    test(`${JSON.stringify(text)} fails without being shown`, async () => {
      const action = await actionOn({ action: "generalise", to: "year" });
      expect(failureOf(() => action.text(text))).toBe(
        "cannot generalise $.field: there is no RFC 3339 date or timestamp",
      );
    });
  }

  for (const text of ["2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:00:00+24:00", "2026-11-22 Ada"]) {
    test(`${text} fails`, async () => {
      const action = await actionOn({ action: "generalise", to: "year" });
      expect(failureOf(() => action.text(text))).not.toContain("2026");
    });
  }
});

describe("a number that the schema calls a point in time becomes the first instant of the period", () => {
  const instant = fc.integer({ min: -8.64e15, max: 8.64e15 });
  const truncated = (millis: number, to: Period): number => {
    const date = new Date(millis);
    const month = to === "year" ? 0 : date.getUTCMonth();
    const first = new Date(0);
    first.setUTCFullYear(date.getUTCFullYear(), month, to === "day" ? date.getUTCDate() : 1);
    return first.getTime();
  };

  test("in every unit, as far as the runtime's dates go", async () => {
    for (const to of PERIODS) {
      const action = await actionOn({ action: "generalise", to });
      for (const [logical, perMilli] of Object.entries(LOGICAL)) {
        // Nanoseconds in 64 bits end in the year 2262; the first instant of a year near either end may lie outside.
        const range = perMilli > 1000n ? fc.integer({ min: -9e12, max: 9e12 }) : instant;
        fc.assert(
          fc.property(range, fc.bigInt({ min: 0n, max: perMilli - 1n }), (millis, rest) => {
            const first = truncated(millis, to);
            fc.pre(!Number.isNaN(first));
            const value = BigInt(millis) * perMilli + rest;
            expect(action.number?.(String(value), integer(64, true, logical))).toBe(String(BigInt(first) * perMilli));
          }),
          { numRuns: 300 },
        );
      }
    }
  });

  test("in days", async () => {
    for (const to of PERIODS) {
      const action = await actionOn({ action: "generalise", to });
      fc.assert(
        fc.property(fc.integer({ min: -99_000_000, max: 99_000_000 }), (days) => {
          const first = truncated(days * 86_400_000, to) / 86_400_000;
          expect(action.number?.(String(days), integer(32, true, "date"))).toBe(String(first));
        }),
        { numRuns: 1000 },
      );
    }
  });

  test("and fails where the type cannot hold that instant", async () => {
    const action = await actionOn({ action: "generalise", to: "year" });
    const least = String(-(2n ** 63n));
    expect(failureOf(() => action.number?.(least, integer(64, true, "timestamp-nanos")))).toContain(
      "cannot generalise",
    );
  });

  test("and fails where the schema says nothing of the kind", async () => {
    const action = await actionOn({ action: "generalise", to: "year" });
    for (const logical of [null, "time-millis", "duration"])
      expect(failureOf(() => action.number?.("1700000000000", integer(64, true, logical)))).not.toContain("17");
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ActionOptions, actionProblems } from "../../../filters/actions/action-options.ts";
import { validate } from "../../../src/config/validate.ts";
import { actionOn, failureOf, float, integer } from "./action-on.ts";

describe("the lower bound of a bucket", () => {
  const cases: readonly [decimal: string, bucket: number, expected: string | null][] = [
    ["17", 10, "10"],
    ["10", 10, null],
    ["-1", 10, "-10"],
    ["-10", 10, null],
    ["0", 10, null],
    ["-0", 10, "0"],
    ["9223372036854775807", 10, "9223372036854775800"],
    ["-9223372036854775807", 1000, "-9223372036854776000"],
    ["123456789012345678901234567890.5", 100, "123456789012345678901234567800"],
    ["0.3", 0.1, null],
    ["0.35", 0.1, "0.3"],
    ["12.50", 0.5, "12.5"],
    ["12.74", 0.25, "12.5"],
    ["1.7e1", 10, "10"],
    ["2E1", 10, "20"],
    ["1e-7", 1e-7, "0.0000001"],
    ["0.00000025", 1e-7, "0.0000002"],
    ["5", 2.5, null],
    ["7.4", 2.5, "5"],
  ];
  for (const [decimal, bucket, expected] of cases) {
    test(`of ${decimal} in buckets of ${bucket} is ${expected ?? "itself"}`, async () => {
      expect((await actionOn({ action: "generalise", bucket })).text(decimal)).toBe(expected);
    });
  }

  test("is the largest multiple that is not above the number, with all digits", async () => {
    // Both as integers of one hundred-millionth, so that nothing here knows decimals.
    const size = fc.integer({ min: 1, max: 5_000_000 });
    const decimalOf = (units: bigint): string => {
      const digits = String(units < 0n ? -units : units).padStart(9, "0");
      return `${units < 0n ? "-" : ""}${digits.slice(0, -8)}.${digits.slice(-8)}`;
    };
    const unitsOf = (decimal: string): bigint => {
      const [whole = "", fraction = ""] = decimal.split(".");
      return BigInt(whole + fraction.padEnd(8, "0"));
    };
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), size, async (units, hundredths) => {
        const step = BigInt(hundredths) * 1_000_000n;
        const action = await actionOn({ action: "generalise", bucket: hundredths / 100 });
        const bound = unitsOf(action.text(decimalOf(units)) ?? decimalOf(units));
        expect(bound % step).toBe(0n);
        expect(bound <= units && units < bound + step).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  for (const text of ["", "abc", "1,5", "0x10", "+1", " 1", "007", "NaN", "1e500", "1".repeat(500), "true"]) {
    test(`of ${JSON.stringify(text.slice(0, 9))} is a failure that does not show it`, async () => {
      const action = await actionOn({ action: "generalise", bucket: 10 });
      expect(failureOf(() => action.text(text))).toBe(
        "cannot generalise $.field: there is no number, or a very long one",
      );
    });
  }
});

describe("where a schema wants a number", () => {
  test("an integer stays one, and one that the type cannot hold fails", async () => {
    const tens = await actionOn({ action: "generalise", bucket: 10 });
    expect(tens.number?.("-5", integer(32))).toBe("-10");
    expect(failureOf(() => tens.number?.("-2147483648", integer(32)))).toContain("cannot generalise $.field");
    const halves = await actionOn({ action: "generalise", bucket: 2.5 });
    expect(halves.number?.("7", integer(32))).toBe("5");
    expect(failureOf(() => halves.number?.("4", integer(32)))).toContain("its type is an integer");
    expect(halves.number?.("4", float(64))).toBe("2.5");
  });
});

describe("a bucket", () => {
  test("must be above 0", () => {
    for (const bucket of [0, -1])
      expect(validate(ActionOptions, { action: "generalise", bucket })).toMatchObject({ ok: false });
  });

  test("must be exact", () => {
    expect(actionProblems({ action: "generalise", bucket: 2 ** 60 }, "/x")).toMatchObject([{ path: "/x/bucket" }]);
    expect(actionProblems({ action: "generalise", bucket: 0.1 }, "/x")).toEqual([]);
  });
});

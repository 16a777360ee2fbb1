import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalDecimal } from "../../../filters/json/decimal.ts";

describe("the canonical spelling of a number", () => {
  const same: readonly (readonly string[])[] = [
    ["0", "-0", "0.0", "0e5", "-0.000E-7", `0e${"9".repeat(50)}`],
    ["1", "1.0", "1e0", "10e-1", "0.1e1", "1E+0", "100e-2", "1e-000"],
    ["-1.5", "-15e-1", "-0.15e1", "-1.50"],
    ["9223372036854775807", "9223372036854775807.0", "9.223372036854775807e18"],
    ["1e400", "10e399"],
  ];
  for (const spellings of same) {
    test(`${spellings[0]} has one for all of its spellings`, () => {
      expect(new Set(spellings.map(canonicalDecimal)).size).toBe(1);
    });
  }

  const different: readonly [string, string][] = [
    ["9223372036854775807", "9223372036854775808"],
    ["9007199254740993", "9007199254740992"],
    ["0.1", "0.1000000000000000055511151231257827"],
    ["1", "-1"],
    ["1", "10"],
    ["1e400", "1e401"],
    ["12", "1.2"],
  ];
  for (const [left, right] of different) {
    test(`${left} is told from ${right}`, () => {
      expect(canonicalDecimal(left)).not.toBe(canonicalDecimal(right));
    });
  }

  test("moving the decimal point and the exponent against each other changes nothing", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,30}$/);
    fc.assert(
      fc.property(digits, fc.nat({ max: 40 }), fc.integer({ min: -500, max: 500 }), (text, shift, exponent) => {
        const padded = text.padStart(shift + 1, "0");
        const whole = padded.slice(0, padded.length - shift).replace(/^0+(?=.)/, "");
        const fraction = shift === 0 ? "" : `.${padded.slice(padded.length - shift)}`;
        const shifted = `${whole}${fraction}e${exponent + shift}`;
        expect(canonicalDecimal(shifted)).toBe(canonicalDecimal(`${text}e${exponent}`));
      }),
    );
  });

  test("an exponent of a million digits is told apart without being computed", () => {
    expect(canonicalDecimal(`1e${"9".repeat(1_000_000)}`)).toBeNull();
    expect(canonicalDecimal(`1e${"0".repeat(1_000_000)}1`)).toBe(canonicalDecimal("10"));
  });

  test("a million digits are handled in one pass", () => {
    expect(canonicalDecimal(`0.${"0".repeat(999_999)}1e1000000`)).toBe(canonicalDecimal("1"));
    expect(canonicalDecimal(`1${"0".repeat(1_000_000)}`)).toBe(canonicalDecimal("1e1000000"));
  });
});

import { describe, expect, test } from "bun:test";
import { patternDetector, patternProblem } from "../../../filters/detectors/pattern.ts";
import { foundBy } from "./found-by.ts";

const found = (pattern: string, text: string): string[] => foundBy(patternDetector({ name: "own", pattern }), text);

describe("a pattern", () => {
  test("finds every match", () => {
    expect(found("\\bC-[0-9]{3,}\\b", "C-123, XC-456, C-7890 and C-12")).toEqual(["C-123", "C-7890"]);
  });

  test("counts in code units behind characters of two", () => {
    expect(found("b+", "😀abb😀b")).toEqual(["bb", "b"]);
  });

  test("may be told to ignore case", () => {
    expect(found("(?i)strasse|straße", "STRASSE Straße")).toEqual(["STRASSE", "Straße"]);
  });

  test("takes what it prefers, as RE2 does: the first alternative", () => {
    expect(found("a|ab", "ab")).toEqual(["a"]);
  });

  test("passes over empty matches", () => {
    expect(found("\\b|y", "xyz y")).toEqual(["y"]);
  });

  test("that would be exponential for a backtracking engine is not", () => {
    expect(found("(a+)+b|(a|a)*c", `${"a".repeat(5000)}!`)).toEqual([]);
  });

  test("whose every match looks at all of a large text takes the rest of it for one match", () => {
    const text = "x".repeat(1 << 20);
    const [first = "", ...rest] = found("x[^y]*y|x", text);
    expect(first).toBe("x");
    expect(rest.length).toBeLessThanOrEqual(64);
    expect(rest.join("").length).toBe(text.length - 1);
  }, 60_000);
});

describe("what is refused", () => {
  const cases: readonly [pattern: string, message: string][] = [
    ["(", "error parsing regexp: missing closing ): `(`"],
    ["a**", "error parsing regexp: invalid nested repetition operator: `**`"],
    ["(?=x)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
    ["(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`"],
    ["a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"],
    ["x*", "matches the empty text, which is everywhere"],
  ];
  for (const [pattern, message] of cases) {
    test(`${pattern}, with the reason`, () => {
      expect(patternProblem(pattern)).toBe(message);
    });
  }

  test("what needs too many instructions", () => {
    expect(patternProblem("(?:[a-z]{50}[0-9]){20}")).toMatch(/^is too large: RE2 needs [0-9]+ instructions/);
  });

  test("not what is usual", () => {
    for (const pattern of ["\\bC-[0-9]{6}\\b", "(?i)patient\\s+[0-9]{4,12}", "[\\p{Lu}]{2}[0-9]{7}"])
      expect(patternProblem(pattern)).toBeNull();
  });
});

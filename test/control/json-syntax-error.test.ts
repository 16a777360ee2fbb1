import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { jsonSyntaxError } from "../../src/control/json-syntax-error.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonSyntaxError", () => {
  test.each<[string, string]>([
    ["", "1:1 expected a value"],
    ["{", "1:2 expected a member name in double quotes"],
    ['{"a": 1,\n x}', "2:2 expected a member name in double quotes"],
    ['{"a" 1}', '1:6 expected ":"'],
    ['{"a": 1', '1:8 expected "," or "}"'],
    ["[1 2]", '1:4 expected "," or "]"'],
    ["[1,]", "1:4 expected a value"],
    ["1 1", "1:3 nothing may follow the value"],
    ["'a'", "1:1 expected a value"],
    ['"\t"', "1:1 expected a value"],
    ["01", "1:2 nothing may follow the value"],
  ])("says where %p is wrong", (text, expected) => {
    const found = jsonSyntaxError(text);
    expect(`${found?.line}:${found?.column} ${found?.message}`).toBe(expected);
  });

  test("refuses what is nested too deep", () => {
    expect(jsonSyntaxError("[".repeat(100_000))?.message).toBe("nested deeper than 64 levels");
    expect(jsonSyntaxError("[".repeat(64) + "]".repeat(64))).toBeNull();
  });

  test("takes a string of a megabyte", () => {
    expect(jsonSyntaxError(JSON.stringify({ long: "\\é".repeat(500_000) }))).toBeNull();
  });

  test("agrees with the runtime's parser", () => {
    const alphabet = fc.constantFrom(...'{}[]:,"\\u0aeE+-. \n1tfn', '"a"', "true", "false", "null", "1.5e3", "\\u00e9");
    const text = fc.oneof(
      fc.json(),
      fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (each) => (jsonSyntaxError(each) === null) === isJson(each)),
      { numRuns: 5_000 },
    );
  });
});

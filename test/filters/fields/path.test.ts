import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parsePath } from "../../../filters/fields/path.ts";
import { StraitError } from "../../../src/mod.ts";
import { randomPath } from "../json/arbitrary-json.ts";

function refusal(text: string): string {
  try {
    parsePath(text);
  } catch (error) {
    if (error instanceof StraitError && error.code === "filter-invalid") return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

function selectors(text: string): unknown[] {
  return parsePath(text).map(({ descend, selector }) => (descend ? ["..", selector] : selector));
}

describe("a path", () => {
  const accepted: readonly [path: string, selectors: readonly unknown[]][] = [
    ["$", []],
    ["$.a", ["a"]],
    ["$.a.b", ["a", "b"]],
    ["$._a1", ["_a1"]],
    ["$.straße.日本.😀", ["straße", "日本", "😀"]],
    ["$['a']", ["a"]],
    ['$["a"]["b"]', ["a", "b"]],
    ["$[ 'a' ]", ["a"]],
    ["$.a [0]\n.b", ["a", 0, "b"]],
    ["$['']", [""]],
    ["$['a-b.c[0]']", ["a-b.c[0]"]],
    [`$['it\\'s "so"']`, [`it's "so"`]],
    [`$["it's \\"so\\""]`, [`it's "so"`]],
    ["$['\\b\\f\\n\\r\\t\\/\\\\']", ["\b\f\n\r\t/\\"]],
    ["$['\\u0065mail']", ["email"]],
    ["$['\\uD83D\\ude00']", ["😀"]],
    ["$['\\u0041\\u0042']", ["AB"]],
    ["$[0]", [0]],
    ["$[10].a", [10, "a"]],
    ["$[*]", [null]],
    ["$.*", [null]],
    ["$.a[*].b", ["a", null, "b"]],
    ["$..a", [["..", "a"]]],
    ["$..*", [["..", null]]],
    ["$..[*]", [["..", null]]],
    ["$..[2]", [["..", 2]]],
    ["$..['a b']", [["..", "a b"]]],
    ["$.a..b.c", ["a", ["..", "b"], "c"]],
  ];
  for (const [path, expected] of accepted) {
    test(`${JSON.stringify(path)} is read`, () => {
      expect(selectors(path)).toEqual([...expected]);
    });
  }

  const refused: readonly [path: string, message: string][] = [
    ["", "a path starts with $ (character 1"],
    ["a.b", "a path starts with $ (character 1"],
    ["@.a", "a path starts with $"],
    ["$a", "expected . or [ (character 2"],
    ["$.", "expected a name or *"],
    ["$..", "expected a name or *"],
    ["$...a", "expected a name or *"],
    ["$.a.", "expected a name or *"],
    ["$. a", "expected a name or *"],
    ["$.1a", "in brackets, as ['a-b'] (character 3"],
    ["$.user-id", "write the name in brackets, as ['a-b'] (character 7"],
    ["$.a ", "ends with white space"],
    ["$[", "expected a name in quotes, an index or *"],
    ["$[]", "expected a name in quotes, an index or *"],
    ["$[a]", "expected a name in quotes, an index or *"],
    ["$['a'", "expected ]"],
    ["$['a]", "the quote is not closed"],
    ["$[0", "expected ]"],
    ["$[01]", "expected ]"],
    ["$[1.5]", "expected ]"],
    ["$.[0]", "expected a name or *"],
    ["$[-1]", "negative indexes are not supported"],
    ["$[9007199254740992]", "too large"],
    ["$[?@.a]", "filter expressions are not supported"],
    ["$[?(@.a == 1)]", "filter expressions are not supported"],
    ["$[1:2]", "slices are not supported"],
    ["$[:2]", "slices are not supported"],
    ["$[0,1]", "several selectors in one bracket"],
    ["$['a','b']", "several selectors in one bracket"],
    ["$['\\x']", "unknown escape"],
    ["$['\\\"']", "unknown escape"],
    ["$['\\u12']", "unknown escape"],
    ["$['\\ud800']", "half a surrogate pair"],
    ["$['\\ud800\\u0041']", "half a surrogate pair"],
    ["$['\\udc00']", "half a surrogate pair"],
    ["$['\ud800']", "half a surrogate pair"],
    ["$['a\nb']", "control characters"],
    ["$.length()", "write the name in brackets"],
  ];
  for (const [path, message] of refused) {
    test(`${JSON.stringify(path)} is refused`, () => {
      expect(refusal(path)).toContain(message);
    });
  }

  test("names such as those of Object.prototype are names like others", () => {
    expect(selectors("$.constructor.__proto__")).toEqual(["constructor", "__proto__"]);
    expect(refusal("$['\\constructor']")).toContain("unknown escape");
  });

  test("every way of writing a segment gives the same segment", () => {
    fc.assert(
      fc.property(randomPath, ({ text, segments }) => {
        expect<readonly unknown[]>(parsePath(text)).toEqual([...segments]);
      }),
      { numRuns: 1000 },
    );
  });

  test("any text is read or refused, never anything else", () => {
    const pieces = fc.constantFrom(
      "$",
      ".",
      "..",
      "[",
      "]",
      "*",
      "'",
      '"',
      "a",
      "0",
      "-",
      ":",
      ",",
      "?",
      " ",
      "\\u",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        try {
          parsePath(`$${parts.join("")}`);
        } catch (error) {
          expect(error).toBeInstanceOf(StraitError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

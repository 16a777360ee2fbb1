import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Patch } from "../../../filters/bytes/patch.ts";
import { mask } from "../../../filters/json/mask.ts";

function masked(json: string, first: number, last: number, filler = "*"): string | null {
  const bytes = new TextEncoder().encode(`[${json}]`);
  const patch = new Patch();
  const change = mask({ path: "$.a", first, last, with: filler });
  if (!change(bytes, 1, bytes.length - 1, patch)) return null;
  return new TextDecoder("utf-8", { fatal: true }).decode(patch.bytes.subarray(0, patch.length));
}

describe("a mask", () => {
  const cases: readonly [what: string, json: string, first: number, last: number, expected: string][] = [
    ["hides everything by itself", '"secret"', 0, 0, '"******"'],
    ["shows both ends", '"secret"', 1, 2, '"s***et"'],
    ["hides everything when the ends would be all", '"abc"', 1, 2, '"***"'],
    ["hides everything when the ends would overlap", '"abc"', 5, 5, '"***"'],
    ["hides everything when one end would be all", '"abc"', 3, 0, '"***"'],
    ["leaves an empty string empty", '""', 1, 1, '""'],
    ["counts code points, not bytes", '"é€😀b"', 2, 1, '"é€*b"'],
    ["counts an escaped pair as one", '"\\ud83d\\ude00ab"', 1, 0, '"😀**"'],
    ["shows what an escape stands for", '"\\u0061\\"b"', 2, 0, '"a\\"*"'],
    ["keeps half a pair as an escape", '"\\ud800ab"', 1, 0, '"\\ud800**"'],
    ["makes a string of a number", "-12.50", 1, 1, '"-****0"'],
    ["makes a string of a boolean", "true", 1, 0, '"t***"'],
  ];
  for (const [what, json, first, last, expected] of cases) {
    test(what, () => {
      expect(masked(json, first, last)).toBe(expected);
    });
  }

  test("escapes its character where JSON asks for it", () => {
    expect(masked('"abc"', 1, 0, '"')).toBe('"a\\"\\""');
    expect(masked('"\\u0061bc"', 1, 0, "\\")).toBe('"a\\\\\\\\"');
  });

  test("leaves null", () => {
    expect(masked("null", 1, 1)).toBeNull();
  });

  for (const [json, kind] of [
    ['{"a":1}', "object"],
    ["[1]", "array"],
  ] as const) {
    test(`fails on an ${kind}, naming the path and not the content`, () => {
      expect(() => masked(json, 0, 0)).toThrow(`cannot mask $.a: there is an ${kind} at byte 1`);
    });
  }

  test("gives the same for every spelling of any text, and shows no more than asked for", () => {
    const count = fc.nat({ max: 6 });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 12 }), count, count, (text, first, last) => {
        const escaped = text.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
        const characters = [...text];
        const all = first + last >= characters.length;
        const shown = (index: number): boolean => !all && (index < first || index >= characters.length - last);
        const expected = JSON.stringify(characters.map((char, index) => (shown(index) ? char : "*")).join(""));
        expect(masked(JSON.stringify(text), first, last)).toBe(expected);
        expect(masked(`"${escaped.join("")}"`, first, last)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

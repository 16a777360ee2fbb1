import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { commonTokens } from "../../../src/dashboard/client/text/differences.js";

const tokens = fc.array(fc.constantFrom("a", "b", "c", "{", "}"), { maxLength: 30 });

const kept = (list: readonly string[], same: readonly boolean[]) => list.filter((_, index) => same[index]);

/** The length of a longest common subsequence, by trying everything. */
function longest(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  const without = longest(rest, b);
  return at < 0 ? without : Math.max(without, 1 + longest(rest, b.slice(at + 1)));
}

describe("what two lists of tokens have in common", () => {
  test("is the same on both sides, in the same order", () => {
    fc.assert(
      fc.property(tokens, tokens, (before, after) => {
        const same = commonTokens(before, after);
        expect(kept(before, same.before)).toEqual(kept(after, same.after));
      }),
    );
  });

  test("is as much as there can be", () => {
    const short = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 9 });
    fc.assert(
      fc.property(short, short, (before, after) => {
        expect(commonTokens(before, after).before.filter(Boolean).length).toBe(longest(before, after));
      }),
    );
  });

  test("of lists too long to be compared is their beginning and their end", () => {
    const middle = (text: string) => Array.from({ length: 3_000 }, (_, index) => `${text}${index}`);
    const same = commonTokens(["{", ...middle("a"), "}"], ["{", ...middle("b"), "}"]);
    expect(same.before.filter(Boolean).length).toBe(2);
  });
});

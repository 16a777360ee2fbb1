import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { differences, type Piece } from "../../../src/cli/filter/differences.ts";

const joined = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join("");
const common = (pieces: readonly Piece[]) => joined(pieces.filter(({ changed }) => !changed));
/** With what is marked in brackets. */
const marked = (pieces: readonly Piece[]) => pieces.map(({ text, changed }) => (changed ? `<${text}>` : text)).join("");

/** Few different words, so that texts have something in common. */
const words = fc.array(fc.constantFrom("a", "bc", " ", "\n", ",", '"', "é", "🙂", "12"), { maxLength: 40 });
const text = words.map((all) => all.join(""));

describe("differences", () => {
  test("give both texts whole, and the same for what is not marked", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), text, (before, after) => {
        const found = differences(before, after);
        expect(joined(found.before)).toBe(before);
        expect(joined(found.after)).toBe(after);
        expect(common(found.before)).toBe(common(found.after));
      }),
    );
  });

  test("mark nothing in the same text, and all where nothing is common", () => {
    expect(differences("a b", "a b")).toEqual({
      before: [{ text: "a b", changed: false }],
      after: [{ text: "a b", changed: false }],
    });
    expect(differences("a", "b")).toEqual({
      before: [{ text: "a", changed: true }],
      after: [{ text: "b", changed: true }],
    });
  });

  test("mark what surgery on JSON changed", () => {
    const { before, after } = differences(
      '{"id":7,"name":"Ada","mail":"ada@example.com","n":12.50}',
      '{"id":7,"mail":"***@example.com","n":12.50}',
    );
    expect(marked(before)).toBe('{"id":7,<"name":"Ada",>"mail":"<ada>@example.com","n":12.50}');
    expect(marked(after)).toContain("<***>@example.com");
  });

  test("mark all between the common ends of texts that are too long to compare word by word", () => {
    const before = `start ${"x y ".repeat(3000)}end`;
    const after = `start ${"y z ".repeat(3000)}end`;
    const found = differences(before, after);
    expect(found.before.filter(({ changed }) => changed)).toHaveLength(1);
    expect(joined(found.after)).toBe(after);
  });
});

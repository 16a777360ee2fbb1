import { expect, test } from "bun:test";
import fc from "fast-check";
import { COLOURED } from "../../src/cli/paint.ts";
import { table } from "../../src/cli/table.ts";

const HEAD = ["LINK", "STATE", "REASON"];

test("columns stand under their heads, and nothing is cut where there is no terminal", () => {
  const reason = "words ".repeat(100).trim();
  expect(table(HEAD, [["a-long-name", null, reason]])).toBe(
    `LINK         STATE  REASON\na-long-name  -      ${reason}`,
  );
});

test("on a terminal the longest words are wrapped below each other", () => {
  const lines = table(HEAD, [["east-west", "failed", "topic orders was deleted and made anew"]], 40).split("\n");
  expect(lines).toEqual([
    "LINK       STATE   REASON",
    "east-west  failed  topic orders was",
    "                   deleted and made anew",
  ]);
});

test("a word longer than its column ends with an ellipsis", () => {
  const [, line] = table(["DIGEST", "NAME"], [["0123456789abcdef".repeat(4), "n"]], 30).split("\n");
  expect(line).toBe(`${"0123456789abcdef01234567".slice(0, 23)}…  n`);
});

test("no line is longer than the terminal, and no word of a text that can be wrapped is lost", () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const text = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, word, text), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 40, max: 120 }),
      (rows, columns) => {
        const made = table(HEAD, rows, columns);
        for (const line of made.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
        for (const words of rows.flat()) for (const each of words.split(" ")) expect(made).toContain(each);
      },
    ),
  );
});

test("colours take no room", () => {
  const plain = table(HEAD, [["a", "running", "r"]], 80);
  const coloured = table(HEAD, [["a", { text: "running", ink: COLOURED.good }, "r"]], 80);
  expect(coloured).toContain("\u001b[32mrunning\u001b[39m");
  expect(Bun.stripANSI(coloured)).toBe(plain);
});

test("what a broker says cannot steer the terminal", () => {
  const made = table(["REASON"], [["a\u001b[2Jb\u202ec"]]);
  expect(made).toBe("REASON\na\\u{1b}[2Jb\\u{202e}c");
});

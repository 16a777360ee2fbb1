/** docs/operations.md has a remedy for everything that strait may say, and quotes it as it is said. */

import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, textOf } from "./documents.ts";

const [, troubleshooting = ""] = textOf("docs/operations.md").split("\n## Troubleshooting\n");
const [, byReason = "", byCode = ""] = troubleshooting.split("\n### ");

/** The cells of each row of a table, without its head. */
function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = ""]) => row.split(" | ")).slice(1);
}

const quoted = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, words = ""]) => words);

const sources = ["src", "filters", "plugins"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(ROOT, file), "utf8"));

test("every error code has a row, and no row is of a code that is no more", () => {
  const [, union = ""] = /export type ErrorCode =([^;]+);/.exec(textOf("src/model/errors.ts")) ?? [];
  const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(
    rowsOf(byCode)
      .map(([code]) => quoted(code)[0])
      .toSorted(),
  ).toEqual(codes.toSorted());
});

describe("the words of a reason are those of the code:", () => {
  const words = [...rowsOf(byReason).map(([reason]) => reason), ...rowsOf(byCode).map(([, said]) => said)].flatMap(
    quoted,
  );
  test.each(words.map((each) => [each]))("%s", (each) => {
    expect(sources.some((source) => source.includes(each))).toBe(true);
  });
});

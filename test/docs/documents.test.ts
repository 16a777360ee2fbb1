import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { openApiDocument } from "../../src/control/openapi.ts";
import { controlUnderTest } from "../control/control-under-test.ts";
import { codeBlocks, DOCUMENTS, ROOT, textOf } from "./documents.ts";

/** What examples.test.ts, commands.test.ts and demo.test.ts look after; `text` is for people only. */
const LANGUAGES = ["sh", "yaml", "json", "ts", "text"];

describe.each(DOCUMENTS.map((document) => [document]))("%s", (document) => {
  test("has only code blocks that a test looks after", () => {
    const others = codeBlocks(document).filter(({ language }) => !LANGUAGES.includes(language));
    expect(others).toEqual([]);
  });

  test("links only to files and headings that exist", () => {
    // Without inline code, which may look like a link.
    const links = [
      ...textOf(document)
        .replaceAll(/`[^`\n]*`/g, "")
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, link = ""]) => link);
    const relative = links.filter((link) => !/^[a-z]+:/.test(link));
    const broken = relative.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? document : join(dirname(document), path);
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test("names only files and folders that exist", () => {
    const named = textOf(document).matchAll(/(?<![\w./-])(?:src|filters|test|bench|docs)\/[\w./-]*\w\/?/g);
    const missing = [...named].map(([path]) => path).filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });
});

test("docs/api.md names every route that is served, and no other", async () => {
  await using subject = await controlUnderTest();
  const served = (await subject.call("GET", "/openapi.json")).body as ReturnType<typeof openApiDocument>;
  const routes = Object.entries(served["paths"] as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const table = textOf("docs/api.md").split("## Routes\n")[1]?.split("\n### ")[0] ?? "";
  const firstCells = table.split("\n").map((row) => row.split("|")[1] ?? "");
  const documented = firstCells.flatMap((cell) =>
    [...cell.matchAll(/((?:[A-Z]+ )+)`([^`]+)`/g)].flatMap(([, methods = "", path]) =>
      methods
        .trim()
        .split(" ")
        .map((method) => `${method} ${path}`),
    ),
  );
  expect(documented.toSorted()).toEqual(routes.toSorted());
});

/** As GitHub makes them of headings. */
function anchorsOf(document: string): string[] {
  const headings = textOf(document).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

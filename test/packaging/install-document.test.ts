/** The commands of docs/install.md that need no other machine. Those with bunx are run where its registry is: package.test.ts. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { openLibrary } from "../../src/rdkafka/library.ts";
import { codeBlocks, ROOT } from "../docs/documents.ts";
import { Terminal } from "../docs/terminal.ts";

setDefaultTimeout(120_000);

const blocks = codeBlocks("docs/install.md").filter(({ language }) => language === "sh");
const blockOf = (info: string) => blocks.find((block) => block.info === info)?.text ?? "";

let terminal: Terminal;
beforeEach(async () => {
  terminal = await Terminal.open();
});
afterEach(() => terminal.close());

test("every block is run by somebody", () => {
  expect(blocks.map(({ info }) => info)).toEqual(["bunx", "compile", "docker", "deno"]);
});

test("an executable is made, and says its version", async () => {
  await openLibrary();
  const output = await terminal.run(blockOf("compile"));
  expect(output).toContain("librdkafka inside");
  expect(output.trimEnd().split("\n").at(-1)).toBe(manifest.version);
});

test("Deno takes the command with its permissions", async () => {
  const deno = `deno() { "${join(ROOT, "node_modules/.bin/deno")}" "$@"; }\n`;
  expect(await terminal.run(deno + blockOf("deno"))).toBe(`${manifest.version}\n`);
});

/** The commands of docs/policies.md, run as they stand there. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { codeBlocks } from "./documents.ts";
import { Terminal } from "./terminal.ts";

setDefaultTimeout(BROKER_TEST_MS);

let terminal: Terminal;
beforeEach(async () => {
  terminal = await Terminal.open();
});
afterEach(() => terminal.close());

/** A file of a document, written where the commands find it. */
function write(document: string, name: string): void {
  const block = codeBlocks(document).find(({ info }) => info === name);
  if (block === undefined) throw new Error(`${document} has no ${name}`);
  writeFileSync(join(terminal.directory, name), block.text);
}

test("docs/policies.md: the commands do what they say, and explain prints what is shown", async () => {
  write("README.md", "strait.yaml");
  write("docs/policies.md", "policies.yaml");
  // No Kafka is there: a file is taken over without connecting, and policies need none.
  await terminal.start("npx -y bun@1.4 src/cli.ts up strait.yaml");
  const blocks = codeBlocks("docs/policies.md");
  const [commands, ...others] = blocks.filter(({ language }) => language === "sh");
  expect(others).toEqual([]);
  const output = await terminal.run(commands?.text ?? "");
  const shown = blocks.find(({ text }) => text.startsWith("orders from eu to us: allowed"));
  expect(output).toContain(shown?.text ?? "nothing is shown");
  const left = await fetch(`${terminal.url}/v1/policies`);
  expect(await left.json()).toMatchObject({ policies: [{ name: "eu-orders", version: 1 }], regions: [{ name: "eu" }] });
});

/** docs/security.md: its shell blocks are run in their order, against a real strait without clusters. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeBlocks, textOf } from "./documents.ts";
import { Terminal } from "./terminal.ts";

setDefaultTimeout(120_000);

test("the commands of docs/security.md do what they say", async () => {
  const terminal = await Terminal.open();
  try {
    const output: string[] = [];
    for (const { text } of codeBlocks("docs/security.md").filter(({ language }) => language === "sh")) {
      if (text.includes("src/cli.ts up")) await terminal.start(text);
      else output.push(await terminal.run(text));
    }
    const all = output.join("");
    expect(all).toMatch(/^TOKEN +ROLE +CREATED +EXPIRES\ndeploy +operator +\S+ +\S+\nroot +admin +\S+ +-$/m);
    expect(all).toMatch(/token\.delete +tokens\/deploy$/m);
    expect(all).toContain("3 entries, the chain is whole");
    const root = readFileSync(join(terminal.directory, "root.token"), "utf8").trim();
    expect(all).not.toContain(root);
    expect(statSync(join(terminal.directory, "root.token")).mode & 0o777).toBe(0o600);
    expect((await fetch(`${terminal.url}/v1/links`)).status).toBe(401);
    const headers = { authorization: `Bearer ${root}` };
    expect((await fetch(`${terminal.url}/v1/links`, { headers })).status).toBe(200);
  } finally {
    await terminal.close();
  }
});

test("docs/security.md names every right that the test of mode append grants", () => {
  const granted = readFileSync(join(import.meta.dirname, "../end-to-end/own-brokers-append-rights.test.ts"), "utf8");
  const [, table = ""] = /Mode `append`[^\n]*\n\n((?:\|.*\n)+)/.exec(textOf("docs/security.md")) ?? [];
  const both = /Both, where it applies:\n\n((?:\|.*\n)+)/.exec(textOf("docs/security.md"))?.[1] ?? "";
  const documented = new Set<string | undefined>(
    `${table}${both}`.match(/\b(?:READ|WRITE|CREATE|DESCRIBE|DELETE|ALTER)\w*\b/g),
  );
  const used = new Set(
    [...granted.matchAll(/"(READ|WRITE|CREATE|DESCRIBE|DELETE|ALTER)\w*"/g)].map(([, right]) => right),
  );
  expect([...documented].sort()).toEqual([...used].sort());
});

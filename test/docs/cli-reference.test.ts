import { expect, test } from "bun:test";
import { cliReference } from "./cli-reference.ts";
import { textOf } from "./documents.ts";

test("docs/cli.md is what the program says; else run `bun test/docs/cli-reference.ts > docs/cli.md`", () => {
  expect(textOf("docs/cli.md")).toBe(cliReference());
});

test("the page does not depend on the environment of whoever makes it", () => {
  const given = process.env["STRAIT_URL"];
  process.env["STRAIT_URL"] = "http://elsewhere:1";
  try {
    expect(cliReference()).not.toContain("http://elsewhere:1");
  } finally {
    if (given === undefined) delete process.env["STRAIT_URL"];
    else process.env["STRAIT_URL"] = given;
  }
});

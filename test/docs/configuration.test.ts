/** docs/configuration.md is made of the schemas, and what it says of them is so. */

import { expect, test } from "bun:test";
import { parseConfigurationFile } from "../../src/config/configuration-file.ts";
import { MappingInput } from "../../src/config/resource-inputs.ts";
import { configurationReference } from "./configuration-reference.ts";
import { textOf } from "./documents.ts";

test("docs/configuration.md is what the schemas say; else run `bun test/docs/configuration-reference.ts > docs/configuration.md`", () => {
  expect(textOf("docs/configuration.md")).toBe(configurationReference());
});

test("every field of a mapping that can be set has a row, with its default where it is not required", () => {
  const [, section = ""] = /## A mapping\n([\s\S]*?)\n## /.exec(configurationReference()) ?? [];
  const rows = new Map(
    [...section.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|/gm)].map(([, name, value = ""]) => [name, value.trim()]),
  );
  const settable = Object.keys(MappingInput.properties).filter(
    (name) => name !== "policyFilters" && name !== "refusal",
  );
  expect([...rows.keys()]).toEqual(settable);
  expect(rows.get("source")).toBe("required");
  expect(rows.get("onFailure")).toBe("`stop`");
});

test("a field that is not on the page is refused with its line and column", () => {
  const file =
    "clusters:\n  east:\n    region: eu\n    properties: { bootstrap.servers: localhost:9092 }\n    zone: a\n";
  expect(() => parseConfigurationFile(file)).toThrow(
    expect.objectContaining({ located: [expect.objectContaining({ line: 5, column: 5 })] }),
  );
});

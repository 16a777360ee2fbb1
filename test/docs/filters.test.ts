/** What docs/filters.md says of trying filters, tried; and its example that needs a schema registry. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import avro from "avsc";
import { createSchemaRegistry } from "../../plugins/schema-registry/schema-registry.ts";
import { parseSamples } from "../../src/cli/filter/samples.ts";
import type { FilterUse } from "../../src/config/resources.ts";
import { inspectFilters } from "../../src/control/filter-inspection.ts";
import { loadFilterDefinition } from "../../src/runner/load-filter.ts";
import { tryFilter } from "../../src/testing.ts";
import { StandInRegistry } from "../support/schema-registry.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { type CodeBlock, codeBlocks, textOf } from "./documents.ts";
import { Terminal } from "./terminal.ts";

setDefaultTimeout(60_000);

const blocks = codeBlocks("docs/filters.md");

/** The only block with this mark; throws where there is none. */
function blockWith(info: string): CodeBlock {
  const [block, ...others] = blocks.filter((each) => each.info === info);
  if (block === undefined || others.length > 0) throw new Error(`docs/filters.md has no block ${info}, or several`);
  return block;
}

describe("in five minutes", () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open();
  });
  afterAll(() => terminal.close());

  test("the commands work in their order, and print what is said", async () => {
    const outputs: string[] = [];
    for (const { text } of blocks.filter(({ language }) => language === "sh")) outputs.push(await terminal.run(text));
    expect(outputs[0]).toEndWith(blockWith("output").text);
    expect(outputs[1]).toStartWith("wrote mine/strip-headers.ts and mine/strip-headers.test.ts");
    expect(outputs).toHaveLength(2);
  });
});

test("the sample line is a record", () => {
  const [sample] = parseSamples(new TextEncoder().encode(blockWith("sample").text), null);
  expect(sample?.record.headers.map(({ name }) => name)).toEqual(["trace-id"]);
});

test("a mistake in the types of the filter file is told as is said", async () => {
  using directory = temporaryDirectory();
  const wrong = blockWith("mark-region.ts").text.replace('["header origin-region"]', '"header origin-region"');
  writeFileSync(join(directory.path, "mark-region.ts"), wrong);
  const [mistake] = await inspectFilters([{ use: "./mark-region.ts" }], { directories: [directory.path] });
  expect(textOf("docs/filters.md")).toContain(`\`${mistake?.message}\``);
});

test("the Avro example changes records and schema as is said", async () => {
  await using source = new StandInRegistry({ firstId: 41 });
  await using destination = new StandInRegistry({ firstId: 7 });
  const schema = blockWith("avro-schema").text;
  const { id } = source.add("orders-value", { schema });
  const written = avro.Type.forSchema(JSON.parse(schema));
  const filter = blocks[blocks.indexOf(blockWith("avro-schema")) + 1];
  const { use, options } = JSON.parse(filter?.text ?? "") as FilterUse;
  const { definition } = await loadFilterDefinition(use, []);
  const access = { secret: async () => "a key" };
  const before = JSON.parse(blockWith("avro-before").text);
  const tried = await tryFilter(
    definition,
    { topic: "orders", value: Buffer.concat([frame(id), written.toBuffer(before)]) },
    {
      options,
      secrets: { "${env:PSEUDONYM_KEY}": "a key" },
      registries: {
        source: createSchemaRegistry({ url: source.url }, access),
        destination: createSchemaRegistry({ url: destination.url }, access),
      },
    },
  );
  const [reduced] = destination.versionsOf("orders-value");
  expect(JSON.parse(reduced?.schema ?? "")).toEqual(JSON.parse(blockWith("avro-schema-after").text));
  const value = typeof tried.value === "string" ? Buffer.from(tried.value) : Buffer.from(tried.value ?? []);
  expect(value.subarray(0, 5).equals(frame(reduced?.id ?? -1))).toBe(true);
  const read = avro.Type.forSchema(JSON.parse(reduced?.schema ?? ""));
  expect({ ...read.fromBuffer(value.subarray(5)) }).toEqual(JSON.parse(blockWith("avro-after").text));
});

/** The magic byte and a schema's id, as Confluent's serializers put them before the data. */
function frame(id: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeInt32BE(id, 1);
  return bytes;
}

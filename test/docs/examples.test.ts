/** The configuration files, JSON texts and filters in the documents do what the documents say. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { check } from "../../src/cli/check.ts";
import type { FilterUse } from "../../src/config/resources.ts";
import { inspectFilters } from "../../src/control/filter-inspection.ts";
import { Problem } from "../../src/control/problem.ts";
import type { FilterResult, KafkaRecord } from "../../src/mod.ts";
import { loadFilterDefinition } from "../../src/runner/load-filter.ts";
import { addClusters, controlUnderTest } from "../control/control-under-test.ts";
import { createFilter, recordWith, textAfter } from "../filters/apply-filter.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { blocksIn, type CodeBlock, ROOT } from "./documents.ts";

/** A folder as the documents describe it: with the filter files in it, and a link to strait. */
let folder: ReturnType<typeof temporaryDirectory>;
beforeAll(() => {
  folder = temporaryDirectory();
  mkdirSync(join(folder.path, "node_modules"));
  symlinkSync(ROOT, join(folder.path, "node_modules/strait"));
  for (const { info, text } of blocksIn("ts")) writeFileSync(join(folder.path, info), text);
});
afterAll(() => folder[Symbol.dispose]());

/** What the documents say their keys are. */
const SECRETS = {
  "${env:PSEUDONYM_KEY}": "a key",
  "${env:FIELD_KEY}": Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0")).join(""),
};

const titled = (blocks: readonly CodeBlock[]): [string, CodeBlock][] => blocks.map((block) => [block.place, block]);
const json = blocksIn("json");

test.each(titled(blocksIn("yaml")))("strait check has nothing against the file at %s", async (_place, { text }) => {
  const file = join(folder.path, "strait.yaml");
  writeFileSync(file, text);
  expect(await check(file, undefined)).toEndWith(", no mistakes");
});

describe("JSON", () => {
  const requests = json.filter(({ info }) => /^[A-Z]+ \S+$/.test(info));
  const answers = json.filter(({ info }) => /^[A-Z]+ \S+ \d+$/.test(info));
  const filters = json.filter(({ info }) => info === "filter");
  const records = json.filter(({ info }) => info === "before" || info === "after");

  test("is marked as a request, an answer, a filter, or a record before and after it", () => {
    // filters.test.ts looks after these.
    const others = json.filter(({ info }) => info === "sample" || info.startsWith("avro-"));
    const known = [...requests, ...answers, ...filters, ...records, ...others];
    expect(json.filter((block) => !known.includes(block))).toEqual([]);
  });

  test.each(titled(requests))("the request at %s is accepted", async (_place, { info, text }) => {
    await using subject = await controlUnderTest();
    if (!info.includes("/clusters/")) await addClusters(subject);
    const [method = "", path = ""] = info.split(" ");
    const { status, body } = await subject.call(method, path, JSON.parse(text));
    expect([status, body]).toEqual([201, expect.anything()]);
  });

  test.each(titled(answers))("the answer at %s fits its schema", async (_place, { info, text }) => {
    await using subject = await controlUnderTest();
    const [method = "", path = "", status = ""] = info.split(" ");
    const { paths, components } = (await subject.call("GET", "/openapi.json")).body as unknown as Described;
    const response = paths[path]?.[method.toLowerCase()]?.responses[status];
    expect(response).toBeDefined();
    const schema = Number(status) < 400 ? response?.content?.["application/json"]?.schema : Problem;
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const fits = ajv.compile(schema === undefined ? false : { ...schema, components });
    fits(JSON.parse(text));
    expect(fits.errors).toBeNull();
  });

  test.each(titled(filters))("the filter at %s can be used", async (_place, { text }) => {
    expect(await inspectFilters([JSON.parse(text) as FilterUse], { directories: [folder.path] })).toEqual([]);
  });

  const worked = filters.flatMap((filter): [string, CodeBlock, CodeBlock, CodeBlock][] => {
    const [before, after] = json.slice(json.indexOf(filter) + 1);
    return before?.info === "before" && after?.info === "after" ? [[filter.place, filter, before, after]] : [];
  });

  test("every record belongs to a filter", () => {
    expect(worked.length * 2).toBe(records.length);
  });

  test.each(worked)("the filter at %s does to the record what is said", async (_place, filter, before, after) => {
    const { use, options } = JSON.parse(filter.text) as FilterUse;
    const { definition } = await loadFilterDefinition(use, [folder.path]);
    const made = await createFilter(definition, options, SECRETS);
    expect(await textAfter(made, before.text.trimEnd())).toBe(after.text.trimEnd());
  });
});

describe("filter files", () => {
  const one = new TextEncoder().encode("1");

  /** For each file: its options, and records with what the filter makes of them (null: it fails). */
  const uses: Readonly<
    Record<string, { options: Record<string, unknown>; records: readonly [KafkaRecord, FilterResult | null][] }>
  > = {
    "drop-large.ts": {
      options: { maxBytes: 2 },
      records: [
        [recordWith("12"), { verb: "keep" }],
        [recordWith("123"), { verb: "drop" }],
        [recordWith(null), { verb: "keep" }],
      ],
    },
    "mark-region.ts": {
      options: { region: "eu" },
      records: [
        [
          recordWith("x", [{ name: "a", value: one }]),
          {
            verb: "replace",
            headers: [
              { name: "a", value: one },
              { name: "origin-region", value: new TextEncoder().encode("eu") },
            ],
            changed: ["header origin-region"],
          },
        ],
        [recordWith("x", [{ name: "origin-region", value: one }]), null],
      ],
    },
  };

  const isTest = ({ info }: CodeBlock) => info.endsWith(".test.ts");

  test("are all tried", () => {
    const files = blocksIn("ts").filter((block) => !isTest(block));
    expect(files.map(({ info }) => info)).toEqual(Object.keys(uses));
  });

  test.each(titled(blocksIn("ts").filter(isTest)))("the test at %s passes", async (_place, { info }) => {
    const child = Bun.spawn([process.execPath, "test", `./${info}`], { cwd: folder.path, stderr: "pipe" });
    const output = await new Response(child.stderr).text();
    expect([await child.exited, output]).toEqual([0, expect.stringMatching(/^ 0 fail$/m)]);
  });

  test.each(Object.keys(uses))("%s does what its description says", async (file) => {
    const { options, records } = uses[file] ?? { options: {}, records: [] };
    expect(await inspectFilters([{ use: `./${file}`, options }], { directories: [folder.path] })).toEqual([]);
    const { definition } = await loadFilterDefinition(`./${file}`, [folder.path]);
    const filter = await createFilter(definition, options);
    for (const [record, expected] of records) {
      const result = async () => filter.apply(record);
      if (expected === null) await expect(result()).rejects.toMatchObject({ code: "filter-failed" });
      else expect(await result()).toEqual(expected);
    }
  });
});

interface Described {
  readonly components: object;
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

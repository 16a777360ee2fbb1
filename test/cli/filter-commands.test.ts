/** `strait filter ...` as it is typed, in a folder that knows nothing of strait. */

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInFilters } from "../../filters/index.ts";
import { newFilter } from "../../src/cli/filter/new-filter.ts";
import { StandInRegistry } from "../support/schema-registry.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

setDefaultTimeout(60_000);

const SCRIPT = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => folder[Symbol.dispose]());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(command: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: folder.path,
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

const filter = (...args: string[]) => run([SCRIPT, "filter", ...args]);
const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
const KEEP_ID = ["--options", '{"keep":["$.id"]}'];

describe("strait filter ls", () => {
  test("lists every filter that comes with strait", async () => {
    const { code, out } = await filter("ls");
    expect(code).toBe(0);
    const names = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0] ?? "");
    expect(names).toEqual(["FILTER", ...builtInFilters.map(({ name }) => name)]);
  });

  test("prints what the API does for scripts", async () => {
    const { out } = await filter("ls", "--json");
    const { filters } = JSON.parse(out) as { filters: { name: string; options: { type?: string } }[] };
    expect(filters.map(({ name }) => name)).toEqual(builtInFilters.map(({ name }) => name));
    expect(filters.every(({ options }) => typeof options === "object")).toBe(true);
  });
});

describe("strait filter new", () => {
  test("writes a filter that works and a test that passes, wherever that is", async () => {
    const { code, out } = await filter("new", "strip", "--dir", "mine");
    expect(code).toBe(0);
    expect(out).toContain("bun test ./mine/strip.test.ts\n");
    const tested = await run(["test", "./mine/strip.test.ts"]);
    expect([tested.code, tested.err]).toEqual([0, expect.stringMatching(/\n 3 pass\n 0 fail\n/)]);

    write("samples.jsonl", '{"value":{"id":7},"headers":[{"name":"trace-id","value":"4bf9"}]}\n');
    const [command = ""] = out.split("\n").filter((line) => line.includes("strait filter test"));
    const args = command
      .trim()
      .split(" ")
      .slice(2)
      .map((arg) => arg.replaceAll("'", ""));
    const tried = await filter(...args);
    expect([tried.code, tried.err]).toEqual([0, ""]);
    expect(tried.out).toContain("line 1: replaced by ./strip.ts: header trace-id\n");
  });

  test("does not write over anything", async () => {
    for (const there of ["strip.ts", "strip.test.ts"]) {
      mkdirSync(join(folder.path, there.length.toString()));
      write(`${there.length}/${there}`, "mine");
      const { code, err } = await filter("new", "strip", "--dir", there.length.toString());
      expect([code, err]).toEqual([2, `${there.length}/${there} is there already; choose another name or directory\n`]);
      expect(readFileSync(join(folder.path, `${there.length}`, there), "utf8")).toBe("mine");
    }
  });

  test.each(["Strip", "../strip", "-strip", "strip.ts", ""])("refuses the name %p", async (name) => {
    const result = newFilter(name, { directory: folder.path });
    await expect(result).rejects.toThrow("a filter is named with lower-case letters, digits and dashes");
  });

  test("leaves a strait alone that is found already", async () => {
    mkdirSync(join(folder.path, "node_modules"));
    symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(folder.path, "node_modules/strait"));
    mkdirSync(join(folder.path, "inside"));
    expect((await filter("new", "strip", "--dir", "inside")).out).toStartWith(
      "wrote inside/strip.ts and inside/strip.test.ts\n",
    );
  });

  test("says so where there is no package to link to", async () => {
    const said = await newFilter("strip", { directory: folder.path, strait: "/$bunfs/root" });
    expect(said).toContain("the test runs where the package strait is installed");
  });
});

describe("strait filter test", () => {
  const samples = [
    '{"id":7,"mail":"ada@example.com","n":12345678901234567890}',
    '{"id":8}',
    "[]",
    '{"key":"k","value":{"id":9,"mail":"x"}}',
  ];
  beforeEach(() => write("samples.jsonl", `${samples.join("\n")}\n`));
  const IN = ["--in", "samples.jsonl"];

  test("shows before and after, counts paths, and ends with 0", async () => {
    const { code, out, err } = await filter("test", "redact", ...IN, ...KEEP_ID);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`line 1: replaced by redact: (not listed)
  value   - {"id":7[-,"mail":"ada@example.com","n":12345678901234567890-]}
          + {"id":7}

line 2: kept
  value     {"id":8}

line 3: kept
  value     []

line 4: replaced by redact: (not listed)
  key       k
  value   - {"id":9[-,"mail":"x"-]}
          + {"id":9}

FILTER  PATH                   RECORDS
redact  (not listed)  changed  2

4 records: 2 kept, 2 replaced, 0 dropped, 0 failed
`);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["in colour on a terminal", { NO_COLOR: "" }, /\{"id":7\S+1;31m,"mail"/],
    ["in signs where colours are not wanted", { NO_COLOR: "1" }, /\{"id":7\[-,"mail"/],
  ])("marks what differs %s", async (_title, environment, expected) => {
    const shown = Promise.withResolvers<string>();
    let text = "";
    const child = Bun.spawn([process.execPath, SCRIPT, "filter", "test", "redact", ...IN, ...KEEP_ID], {
      cwd: folder.path,
      env: { ...process.env, ...environment },
      terminal: {
        data(_terminal, data) {
          text += new TextDecoder().decode(data);
          if (text.includes("4 records: ")) shown.resolve(text);
        },
      },
    });
    expect(await shown.promise).toMatch(expected);
    expect(await child.exited).toBe(0);
  });

  test("ends with 1 and names the line where a filter fails on a record, and goes on", async () => {
    write("samples.jsonl", '{"value":"no JSON"}\n\n{"id":1}\n');
    const { code, out } = await filter("test", "redact", ...IN, ...KEEP_ID);
    expect(code).toBe(1);
    expect(out).toMatch(/^line 1: failed in redact: .+\n {2}value {5}no JSON\n\nline 3: kept\n/);
    expect(out).toEndWith("2 records: 1 kept, 0 replaced, 0 dropped, 1 failed\n");
  });

  test("prints JSON for scripts", async () => {
    const { code, out } = await filter("test", "redact", ...IN, ...KEEP_ID, "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      filters: [{ use: "redact" }],
      counts: { read: 4, kept: 2, replaced: 2, dropped: 0, failed: 0, changed: { redact: { "(not listed)": 2 } } },
      error: null,
    });
    expect(report.records[3]).toEqual({
      line: 4,
      outcome: "replace",
      filter: null,
      reason: null,
      changed: { redact: ["(not listed)"] },
      monitored: {},
      before: { key: { text: "k" }, value: { text: '{"id":9,"mail":"x"}' }, headers: [] },
      after: { key: { text: "k" }, value: { text: '{"id":9}' }, headers: [] },
    });
  });

  test("runs the filters of a mapping in their order, from YAML and from JSON", async () => {
    const filters = [
      { use: "drop-records", options: { when: [{ path: "$.id", equals: 8 }] } },
      { use: "redact", options: { keep: ["$.id"] } },
    ];
    write("chain.json", JSON.stringify({ source: "orders", filters }));
    write(
      "chain.yaml",
      "- { use: drop-records, options: { when: [{ path: $.id, equals: 8 }] } }\n- { use: redact, options: { keep: [$.id] } }\n",
    );
    const fromJson = await filter("test", "chain.json", ...IN);
    expect(fromJson.out).toContain("line 2: dropped by drop-records\n");
    expect(fromJson.out).toContain("4 records: 1 kept, 2 replaced, 1 dropped, 0 failed\n");
    expect((await filter("test", "chain.yaml", ...IN)).out).toBe(fromJson.out);
  });

  test("reads options from a file, and gives samples a key", async () => {
    write("options.json", '{"keep":["$.id"]}');
    const { code, out } = await filter("test", "redact", ...IN, "--options", "@options.json", "--key", "all");
    expect(code).toBe(0);
    expect(out).toContain("line 2: kept\n  key       all\n");
  });

  test("says the words of a filter that throws: they are for its author", async () => {
    write("picky.ts", filterFile("throw new TypeError('no ' + new TextDecoder().decode(value ?? undefined));"));
    const { code, out } = await filter("test", "picky.ts", ...IN);
    expect(code).toBe(1);
    expect(out).toContain('line 2: failed in ./picky.ts: no {"id":8}\n');
  });

  test("does not hang on a filter in an endless loop, and names the line", async () => {
    write("endless.ts", filterFile("for (;;) if (value?.length !== 8) return keep;"));
    const { code, out, err } = await filter("test", "endless.ts", ...IN, "--timeout", "1");
    expect(code).toBe(1);
    expect(`${out}${err}`).toMatch(/line 2: /);
    expect(`${out}${err}`).toMatch(/line 2: (failed in \.\/endless\.ts: .+|no answer within .+)\n/);
    expect(out).toContain("line 1: kept\n");
  });

  test("refuses a filter whose types are wrong, with file, line and column", async () => {
    write("wrong.ts", filterFile("return replace({ value: 7 });"));
    expect(await filter("test", "wrong.ts", ...IN)).toEqual({
      code: 1,
      out: "",
      err: "filter ./wrong.ts:6:79: Type 'number' is not assignable to type 'Uint8Array<ArrayBufferLike>'. (TS2322)\n",
    });
  });

  test("reads from a schema registry and registers nothing there", async () => {
    await using registry = new StandInRegistry();
    const { id } = registry.add("samples-value", { schema: '"string"' });
    const body = `return registries.destination?.register("s", await registries.source!.byId(${id})).then(({ id }) =>
      replace({ value: new TextEncoder().encode(String(id)) })) ?? keep;`;
    write(
      "registers.ts",
      filterFile(body).replace("create: () => ({ apply(", "create: (_, { registries }) => ({ async apply("),
    );
    const { code, out } = await filter("test", "registers.ts", ...IN, "--registry", registry.url);
    expect([code, out]).toEqual([0, expect.stringContaining("          + {+0+}\n")]);
    expect(registry.requests.filter((request) => request.startsWith("POST"))).toEqual([]);
    expect(registry.requests).toContain(`GET /schemas/ids/${id}`);
  });

  test("refuses wrong options with their paths", async () => {
    expect(await filter("test", "redact", ...IN, "--options", '{"keep":["$.a["]}')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\/0\/options\/keep\/0: /),
    });
  });

  test.each<[string, string[], RegExp]>([
    ["no samples", ["redact"], /--in/],
    ["samples that are not there", ["redact", "--in", "none.jsonl"], /^cannot read none\.jsonl/],
    ["a filter file that is not there", ["./none.ts", ...IN], /^there is no file \.\/none\.ts$/],
    ["options that are no JSON", ["redact", ...IN, "--options", "{"], /^--options takes JSON/],
    ["options beside a list that has them", ["list.json", ...IN, "--options", "{}"], /^--options is for one filter/],
    ["a list of another shape", ["list.json", ...IN], /^list\.json: \/0: must be an object$/],
    ["a time that is none", ["redact", ...IN, "--timeout", "0"], /^--timeout takes a whole number from 1 to 600/],
  ])("ends with 2 for %s", async (_title, args, expected) => {
    write("list.json", "[1]");
    const { code, err } = await filter("test", ...args);
    expect(code).toBe(2);
    expect(err.trimEnd()).toMatch(expected);
  });

  test("ends with 2 for a line that is no JSON, naming it", async () => {
    write("samples.jsonl", "1\nhello\n");
    const { code, err } = await filter("test", "redact", ...IN, ...KEEP_ID);
    expect([code, err]).toEqual([2, expect.stringMatching(/^line 2: .*a value that is no JSON is given as/)]);
  });
});

describe("strait check", () => {
  test("refuses a filter whose types are wrong, with the line of the configuration and that of the filter", async () => {
    write("wrong.ts", filterFile("return replace({ value: 7 });"));
    write(
      "strait.yaml",
      `clusters:
  east: { region: eu, properties: { bootstrap.servers: "e:1" } }
  west: { region: eu, properties: { bootstrap.servers: "w:1" } }
links:
  l:
    source: east
    destination: west
    mappings:
      - source: orders
        filters:
          - use: ./wrong.ts
`,
    );
    const { code, err } = await run([SCRIPT, "check", "strait.yaml"]);
    expect(code).toBe(1);
    expect(err).toStartWith(
      "strait.yaml:11:13: /links/l/mappings/0/filters/0/use: filter ./wrong.ts:6:79: Type 'number'",
    );
  });
});

/** A filter file whose `apply(value)` has this body. */
function filterFile(body: string): string {
  return `import { defineFilter, keep, replace, Type } from "strait";
export default defineFilter({
  name: "mine",
  description: "Mine.",
  options: Type.Object({}),
  create: () => ({ apply({ value }) { void value; void keep; ${body} } }),
});
export const used = replace;
`;
}

/** The executable of `bun run compile`, where there is nothing but the executable. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compile } from "../../src/packaging/compile.ts";
import { openLibrary } from "../../src/rdkafka/library.ts";
import { until } from "../control/until.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { emptyRegistry } from "../support/empty-registry.ts";
import { installedCases, mirrorThroughFile } from "./installed-cases.ts";
import { InstalledStrait, isAlive } from "./installed-strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const directory = mkdtempSync(join(tmpdir(), "strait-executable-"));
const executable = join(directory, "strait");
const alone = (environment = {}) => new InstalledStrait([executable], environment);

beforeAll(async () => compile({ outfile: executable, library: (await openLibrary()).path }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the executable", () => {
  test.each(installedCases.map((each) => [each.title, each] as const))("%s", async (_title, { run }) => {
    await using strait = alone();
    await run(strait);
  });

  test("writes its librdkafka to the cache, once", async () => {
    await using strait = alone();
    for (let start = 0; start < 2; start++) expect(await (await strait.start("up")).stop()).toBe(0);

    const name = /^librdkafka-[\d.]+-\w+-\w+-[0-9a-f]{12}\.\w+$/;
    expect(readdirSync(join(strait.home, ".cache/strait"))).toEqual([expect.stringMatching(name)]);
  });

  test("says what to do where the cache cannot be written", async () => {
    await using strait = alone({ XDG_CACHE_HOME: "/proc" });
    const { code, err } = await strait.run("up");

    expect(code).toBe(1);
    expect(err).toMatch(/the one in this executable cannot be written out: .*\/proc\/strait/);
    expect(err).toContain("Set STRAIT_LIBRDKAFKA");
  });

  test("reads neither .env nor bunfig.toml where it is started", async () => {
    await using strait = alone();
    strait.write(".env", "STRAIT_URL=http://127.0.0.1:9\n");
    strait.write("bunfig.toml", 'preload = ["./preload.ts"]\n');
    strait.write("preload.ts", 'await Bun.write("preloaded", "");\n');
    const { err } = await strait.run("link", "ls");

    expect(err).toContain("127.0.0.1:7070");
    expect(existsSync(join(strait.directory, "preloaded"))).toBe(false);
  });

  test("says that it does not check types, also where a compiler lies about", async () => {
    await using strait = alone();
    strait.write("node_modules/typescript/package.json", "{}");
    strait.write("node_modules/bun-types/package.json", "{}");
    strait.write("filter.ts", KEEP);
    strait.write("samples.jsonl", "1\n");
    const { code, err } = await strait.run("filter", "test", "filter.ts", "--in", "samples.jsonl");

    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("types of filter files were not checked") });
  });

  test("finds packages beside a filter file, and downloads none", async () => {
    using registry = emptyRegistry();
    await using strait = alone({ BUN_CONFIG_REGISTRY: registry.url });
    strait.write("with/node_modules/words/package.json", '{ "name": "words", "version": "1.0.0", "main": "all.js" }');
    strait.write("with/node_modules/words/all.js", "exports.all = 'Keeps all.';\n");
    strait.write("package.json", '{ "dependencies": { "words": "1.0.0" } }');
    const importing = `import { all } from "words";\n${KEEP.replace('"Keeps all."', "all")}`;
    for (const folder of ["with", "without"]) strait.write(`${folder}/filter.ts`, importing);
    strait.write("samples.jsonl", "1\n");
    const tried = (folder: string) => strait.run("filter", "test", `${folder}/filter.ts`, "--in", "samples.jsonl");

    expect(await tried("with")).toMatchObject({ code: 0, out: expect.stringContaining("1 kept") });
    expect(await tried("without")).toMatchObject({
      code: 1,
      err: expect.stringContaining("Cannot find package 'words'"),
    });
    expect(registry.asked).toEqual([]);
  });

  test("writes a filter to begin with, and says what its test needs", async () => {
    await using strait = alone();
    const { code, out } = await strait.run("filter", "new", "mine");

    expect(code).toBe(0);
    expect(out).toContain("the test runs where the package strait is installed");
    expect(readdirSync(strait.directory)).toEqual(["mine.test.ts", "mine.ts"]);
  });

  test("knows the Protobuf files that come with Confluent's client", async () => {
    await using strait = alone();
    strait.write("shop.desc", descriptorOf("google/type/money.proto", ".google.type.Money"));
    const money = Buffer.from("\x0a\x03EUR\x10\x07"); // currency_code: "EUR", units: 7
    const value = { base64: Buffer.concat([Buffer.from([0x0a, money.length]), money]).toString("base64") };
    strait.write("samples.jsonl", JSON.stringify({ value }));
    const schema = { file: "shop.desc", message: "shop.Order" };
    const options = { format: "protobuf", schema, fields: [{ path: "$.price.units", action: "drop" }] };
    const test = ["filter", "test", "redact", "--in", "samples.jsonl", "--options", JSON.stringify(options)];

    expect(await strait.run(...test)).toMatchObject({
      code: 0,
      out: expect.stringContaining("$.price.units  changed  1"),
    });
  });

  test("ends a filter that runs for ever when its runner is gone", async () => {
    await using strait = alone();
    const { running } = await mirrorThroughFile(strait, LOOP);
    const looping = join(strait.directory, "looping");
    const pidOf = () => existsSync(looping) && Number(readFileSync(looping, "utf8"));
    const host = await until("a host in an endless loop", () => pidOf() || false, 60_000);
    const runner = running.descendants().find((pid) => pid !== host && isAlive(pid));
    if (runner === undefined) throw new Error("the link has no runner");
    process.kill(runner, "SIGKILL");

    await until("the end of the host", () => !isAlive(host), 5000);
  });
});

describe("an executable without a librdkafka", () => {
  test("takes the one that STRAIT_LIBRDKAFKA names", async () => {
    const bare = join(directory, "bare");
    await compile({ outfile: bare, library: null });
    await using strait = new InstalledStrait([bare], { STRAIT_LIBRDKAFKA: (await openLibrary()).path });

    expect(await (await strait.start("up")).stop()).toBe(0);
    expect(readdirSync(strait.home)).toEqual([]);
  });
});

const KEEP = `import { defineFilter, keep, Type } from "strait";
export default defineFilter({
  name: "kept", description: "Keeps all.", options: Type.Object({}), create: () => ({ apply: () => keep }),
});
`;

/** Says in which process it loops. */
const LOOP = `import { writeFileSync } from "node:fs";
import { defineFilter, Type } from "strait";
export default defineFilter({
  name: "loop", description: "Never ends.", options: Type.Object({}),
  create: () => ({
    apply: () => {
      writeFileSync("looping", String(process.pid));
      for (;;);
    },
  }),
});
`;

/** A FileDescriptorSet with a message shop.Order whose field \`price\` is of an imported type. */
function descriptorOf(dependency: string, typeName: string): Uint8Array {
  const field = { name: "price", jsonName: "price", number: 1, type: FieldDescriptorProto_Type.MESSAGE, typeName };
  const messageType = [{ name: "Order", field: [field] }];
  const file = { name: "shop.proto", package: "shop", syntax: "proto3", dependency: [dependency], messageType };
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }));
}

import { describe, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FilterUse } from "../../src/config/resources.ts";
import { inspectFilters } from "../../src/control/filter-inspection.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const FILTERS = fileURLToPath(new URL("./fixtures/filters", import.meta.url));

async function errorsOf(...filters: FilterUse[]): Promise<string[]> {
  const errors = await inspectFilters(filters, { directories: [FILTERS], timeoutMs: 2_000 });
  return errors.map(({ path, message }) => `${path} ${message}`);
}

describe("inspectFilters", () => {
  test("has nothing against good filters", async () => {
    const redact = { use: "redact", options: { keep: ["$.id"] } };
    expect(await errorsOf(redact, { use: "./shout.ts", options: { times: 2 } })).toEqual([]);
  });

  test.each<[string, FilterUse, RegExp]>([
    ["an unknown name", { use: "redakt" }, /^\/0\/use no filter `redakt`; did you mean `redact`\?/],
    ["bad options of a built-in", { use: "redact", options: { kep: [] } }, /^\/0\/options\/keep is required$/],
    ["a bad path of a built-in", { use: "redact", options: { keep: ["$.a["] } }, /^\/0\/options\/keep\/0 /],
    ["a missing file", { use: "./none.ts" }, /^\/0\/use no filter file \.\/none\.ts inside /],
    ["a way out", { use: "../steady-runner.ts" }, /^\/0\/use no filter file \.\.\/steady-runner\.ts inside /],
    ["an absolute way out", { use: "/etc/hostname.ts" }, /^\/0\/use no filter file \/etc/],
    ["no default export", { use: "./no-default.ts" }, /^\/0\/use filter \.\/no-default\.ts has no default export/],
    ["half a definition", { use: "./half.ts" }, /^\/0\/use filter \.\/half\.ts: `options` must be/],
    ["a throwing file", { use: "./throws.ts" }, /^\/0\/use filter \.\/throws\.ts:2:\d+ cannot be loaded: fell over 1$/],
    ["an endless file", { use: "./endless.ts" }, /^\/0\/use the filter did not load within 2 s$/],
    ["an exiting file", { use: "./exits.ts" }, /^\/0\/use the process loading the filter ended \(exit 5\)$/],
    ["a bad schema", { use: "./bad-schema.ts" }, /^\/0\/use the filter's own options schema is invalid/],
    ["options against the schema", { use: "./shout.ts", options: { time: 1 } }, /^\/0\/options\/times is required/],
    [
      "options against the check",
      { use: "./shout.ts", options: { times: 10 } },
      /^\/0\/options\/times must be below ten$/,
    ],
  ])("says what is wrong with %s", async (_title, filter, expected) => {
    expect((await errorsOf(filter))[0]).toMatch(expected);
  });

  test("says where a file is no TypeScript", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "broken.ts"), "const a = 1;\nconst = ;\n");
    const [error] = await inspectFilters([{ use: "./broken.ts" }], { directories: [directory.path] });
    expect(error?.message).toMatch(/^filter \.\/broken\.ts:2:\d+ cannot be loaded: /);
  });

  test("a link out of the directory is not followed", async () => {
    using directory = temporaryDirectory();
    symlinkSync(join(FILTERS, "shout.ts"), join(directory.path, "shout.ts"));
    const [error] = await inspectFilters([{ use: "./shout.ts" }], { directories: [directory.path] });
    expect(error?.message).toStartWith("no filter file ./shout.ts inside");
  });

  test("one bad file does not hide what is known of those before it", async () => {
    const errors = await errorsOf({ use: "./no-default.ts" }, { use: "./exits.ts" }, { use: "./shout.ts" });
    expect(errors.map((each) => each.slice(0, 8))).toEqual(["/0/use f", "/1/use t", "/2/use t"]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FilterUse } from "../../src/config/resources.ts";
import { CleanFiles, type FilterInspectionOptions, inspectFilters } from "../../src/control/filter-inspection.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

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
    expect(error?.message).toBe("filter ./broken.ts:2:7: Variable declaration expected. (TS1134)");
  });

  test("says where a file is no JavaScript", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "broken.js"), "const a = 1;\nconst = ;\n");
    const [error] = await inspectFilters([{ use: "./broken.js" }], { directories: [directory.path] });
    expect(error?.message).toMatch(/^filter \.\/broken\.js:2:\d+ cannot be loaded: /);
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

  describe("of types", () => {
    const wrong = shouting("value: 7");
    let directory: ReturnType<typeof temporaryDirectory>;
    beforeEach(() => {
      directory = temporaryDirectory();
    });
    afterEach(() => directory[Symbol.dispose]());

    const write = (name: string, text: string) => writeFileSync(join(directory.path, name), text);
    const inspected = (use: string, options: Partial<FilterInspectionOptions> = {}) =>
      inspectFilters([{ use }], { directories: [directory.path], ...options });

    test("gives file, line and column of a mistake", async () => {
      write("wrong.ts", wrong);
      expect(await inspected("./wrong.ts")).toEqual([
        {
          path: "/0/use",
          message:
            "filter ./wrong.ts:7:37: Type 'number' is not assignable to type 'Uint8Array<ArrayBufferLike>'. (TS2322)",
        },
      ]);
    });

    test("finds one in a file that the filter imports", async () => {
      write("word.ts", "export const word: number = 'x';\n");
      write("right.ts", `import { word } from "./word.ts";\n${shouting("value: new Uint8Array(word)")}`);
      const [error] = await inspected("./right.ts");
      expect(error?.message).toStartWith("filter ./right.ts: word.ts:1:14: Type 'string' is not assignable");
    });

    test("does not look at JavaScript", async () => {
      write("wrong.js", wrong);
      expect(await inspected("./wrong.js")).toEqual([]);
    });

    test("knows Bun, Node and other packages beside the file", async () => {
      write(
        "right.ts",
        `import { createHash } from "node:crypto";\n${shouting('value: createHash("md5").update(Bun.version).digest()')}`,
      );
      expect(await inspected("./right.ts")).toEqual([]);
    });

    test("tells ten mistakes of a file, and how many more there are", async () => {
      write("wrong.ts", `${shouting("value: null")}${"f();\n".repeat(16)}`);
      const messages = (await inspected("./wrong.ts")).map(({ message }) => message);
      expect(messages).toHaveLength(11);
      expect(messages.at(-1)).toBe("filter ./wrong.ts: and 6 more mistakes");
    });

    test("is a mistake where it takes too long", async () => {
      write("right.ts", shouting("value: null"));
      const [error] = await inspected("./right.ts", { typeCheckTimeoutMs: 1 });
      expect(error?.message).toBe("filter ./right.ts: its types could not be checked: no end within 0.001 s");
    });

    test("is not done again for what has not changed, and is for what has", async () => {
      const cleanFiles = new CleanFiles();
      write("right.ts", shouting("value: null"));
      expect(await inspected("./right.ts", { cleanFiles })).toEqual([]);
      // No compiler is that fast: it is not asked.
      expect(await inspected("./right.ts", { cleanFiles, typeCheckTimeoutMs: 1 })).toEqual([]);
      write("right.ts", wrong);
      expect(await inspected("./right.ts", { cleanFiles })).toHaveLength(1);
    });
  });
});

/** A filter file with the given parts in its answer. */
function shouting(parts: string): string {
  return `import { defineFilter, replace, Type } from "strait";
export default defineFilter({
  name: "shouting",
  description: "Shouts.",
  options: Type.Object({}),
  create() {
    return { apply: () => replace({ ${parts} }) };
  },
});
`;
}

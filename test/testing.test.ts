/** `strait/testing`, what filter authors test with. */

import { describe, expect, test } from "bun:test";
import { defineFilter, drop, keep, replace, StraitError, Type } from "../src/mod.ts";
import { tryFilter } from "../src/testing.ts";

const closed: string[] = [];

/** Does what the value says. */
const scripted = defineFilter({
  name: "scripted",
  description: "Does what the value says.",
  options: Type.Object({ word: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false }),
  async create({ word = "none" }, context) {
    return {
      async apply({ value, headers, key }) {
        const script = Buffer.from(value ?? []).toString();
        if (script === "drop") return drop;
        if (script === "throw") throw new StraitError("filter-failed", "it throws");
        if (script === "nonsense") return { verb: "nonsense" } as unknown as typeof keep;
        if (script === "secret") return replace({ value: Buffer.from(await context.secret("${env:KEY}")) }, ["$"]);
        if (script === "file") return replace({ value: await context.file("a.txt") }, []);
        if (script === "bytes")
          return replace({ key: value, value: Uint8Array.of(0xff), headers: [...headers, ...headers] }, [word]);
        return key === null ? keep : drop;
      },
      close() {
        closed.push(word);
      },
    };
  },
});

describe("tryFilter", () => {
  test("answers with what was kept, replaced or dropped", async () => {
    expect(await tryFilter(scripted, { value: "x" })).toEqual({
      verb: "keep",
      key: null,
      value: "x",
      headers: [],
      changed: [],
    });
    expect((await tryFilter(scripted, { value: "drop" })).verb).toBe("drop");
    const headers = [{ name: "a", value: "1" }];
    expect(await tryFilter(scripted, { value: "bytes", headers }, { options: { word: "w" } })).toEqual({
      verb: "replace",
      key: "bytes",
      value: Uint8Array.of(0xff),
      headers: [...headers, ...headers],
      changed: ["w"],
    });
  });

  test("gives secrets and files of the test, and no others", async () => {
    const given = { secrets: { "${env:KEY}": "s" }, files: { "a.txt": "f" } };
    expect((await tryFilter(scripted, { value: "secret" }, given)).value).toBe("s");
    expect((await tryFilter(scripted, { value: "file" }, given)).value).toBe("f");
    await expect(tryFilter(scripted, { value: "secret" })).rejects.toMatchObject({ code: "secret-unavailable" });
    await expect(tryFilter(scripted, { value: "file" })).rejects.toMatchObject({ code: "filter-invalid" });
  });

  test("rejects where the filter throws, answers nonsense, or is given wrong options", async () => {
    await expect(tryFilter(scripted, { value: "throw" })).rejects.toThrow("it throws");
    await expect(tryFilter(scripted, { value: "nonsense" })).rejects.toMatchObject({ code: "filter-failed" });
    await expect(tryFilter(scripted, { value: "x" }, { options: { word: "" } })).rejects.toMatchObject({
      code: "configuration",
      errors: [{ path: "/options/word", message: "must not be empty" }],
    });
  });

  test("closes the filter, also where it throws", async () => {
    closed.length = 0;
    await tryFilter(scripted, { value: "x" }, { options: { word: "first" } });
    await tryFilter(scripted, { value: "throw" }, { options: { word: "second" } }).catch(() => {});
    expect(closed).toEqual(["first", "second"]);
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import dropRecords from "../../filters/drop-records.ts";
import { validate } from "../../src/config/validate.ts";
import { StraitError } from "../../src/mod.ts";
import { createFilter, recordWith } from "./apply-filter.ts";
import { jsonText, randomPath } from "./json/arbitrary-json.ts";
import { parseReference, select } from "./json/reference.ts";

const encoder = new TextEncoder();

async function verb(
  condition: unknown,
  value: string | null,
  headers: readonly [string, string | null][] = [],
): Promise<string> {
  const filter = await createFilter(dropRecords, { when: Array.isArray(condition) ? condition : [condition] });
  const list = headers.map(([name, text]) => ({ name, value: text === null ? null : encoder.encode(text) }));
  return (await filter.apply(recordWith(value, list))).verb;
}

describe("a condition on a header", () => {
  const condition = { header: "x-test", equals: "true" };

  test("drops the record that has it, whatever the value is", async () => {
    expect(await verb(condition, "no JSON", [["x-test", "true"]])).toBe("drop");
    expect(await verb(condition, null, [["x-test", "true"]])).toBe("drop");
  });

  test("is met by one of several headers of the name", async () => {
    const headers: [string, string | null][] = [
      ["x-test", "false"],
      ["x-test", null],
      ["x-test", "true"],
    ];
    expect(await verb(condition, "{}", headers)).toBe("drop");
  });

  test("keeps records with another name, value or none, and does not look at their values", async () => {
    for (const header of [
      ["X-Test", "true"],
      ["x-test", "tru"],
      ["x-test", "true "],
      ["x-test", null],
    ] as [string, null][])
      expect(await verb(condition, "no JSON", [header])).toBe("keep");
    expect(await verb(condition, "no JSON")).toBe("keep");
  });

  test("compares text beyond ASCII", async () => {
    expect(await verb({ header: "país", equals: "España" }, "{}", [["país", "España"]])).toBe("drop");
  });

  test("tells an empty header from one without value", async () => {
    expect(await verb({ header: "h", equals: "" }, "{}", [["h", ""]])).toBe("drop");
    expect(await verb({ header: "h", equals: "" }, "{}", [["h", null]])).toBe("keep");
  });
});

describe("a condition on a path", () => {
  const cases: readonly [condition: object, value: string, verb: string][] = [
    [{ path: "$.country", equals: "DE" }, '{"country":"DE"}', "drop"],
    [{ path: "$.country", equals: "DE" }, '{"c\\u006funtry":"\\u0044E"}', "drop"],
    [{ path: "$.country", equals: "DE" }, '{"country":"de"}', "keep"],
    [{ path: "$.country", equals: "DE" }, '{"country":["DE"]}', "keep"],
    [{ path: "$.country", equals: "DE" }, '{"a":{"country":"DE"}}', "keep"],
    [{ path: "$.country", equals: "DE" }, '{"country":"FR","country":"DE"}', "drop"],
    [{ path: "$..country", equals: "DE" }, '{"a":[{"country":{"country":"DE"}}]}', "drop"],
    [{ path: "$.l[*].sku", equals: "x" }, '{"l":[{"sku":"y"},{"sku":"x"}]}', "drop"],
    [{ path: "$.l[1]", equals: "x" }, '{"l":["x","y"]}', "keep"],
    [{ path: "$.l[1]", equals: "x" }, '{"l":[["y"],"x"]}', "drop"],
    [{ path: "$", equals: "x" }, '"x"', "drop"],
    [{ path: "$.s", equals: "\ud800" }, '{"s":"\\ud800"}', "drop"],
    [{ path: "$.s", equals: "\ud800" }, '{"s":"\ufffd"}', "keep"],
    [{ path: "$.n", equals: 1 }, '{"n":1.0}', "drop"],
    [{ path: "$.n", equals: 1 }, '{"n":10e-1}', "drop"],
    [{ path: "$.n", equals: 1 }, '{"n":"1"}', "keep"],
    [{ path: "$.n", equals: 1 }, '{"n":1.0000000000000000000001}', "keep"],
    [{ path: "$.n", equals: 0 }, '{"n":-0.0}', "drop"],
    [{ path: "$.n", equals: 0.1 }, '{"n":1e-1}', "drop"],
    [{ path: "$.n", equals: -7 }, '{"n":-7}', "drop"],
    [{ path: "$.n", equals: 9007199254740991 }, '{"n":9007199254740991.0}', "drop"],
    [{ path: "$.n", equalsNumber: "9223372036854775807" }, '{"n":9223372036854775807}', "drop"],
    [{ path: "$.n", equalsNumber: "9223372036854775807" }, '{"n":9223372036854775808}', "keep"],
    [{ path: "$.b", equals: true }, '{"b":true}', "drop"],
    [{ path: "$.b", equals: true }, '{"b":false}', "keep"],
    [{ path: "$.b", equals: true }, '{"b":"true"}', "keep"],
    [{ path: "$.b", equals: false }, '{"b":false}', "drop"],
    [{ path: "$.b", equals: null }, '{"b":null}', "drop"],
    [{ path: "$.b", equals: null }, "{}", "keep"],
  ];
  for (const [condition, value, expected] of cases) {
    test(`${expected}s ${value} for ${JSON.stringify(condition)}`, async () => {
      expect(await verb(condition, value)).toBe(expected);
    });
  }

  test("is one of several, each of which is enough", async () => {
    const when = [
      { path: "$.a", equals: null },
      { path: "$.a.b", equals: 1 },
      { header: "h", equals: "x" },
      { path: "$.c", equals: "y" },
    ];
    expect(await verb(when, '{"a":{"b":1}}')).toBe("drop");
    expect(await verb(when, '{"c":"y"}')).toBe("drop");
    expect(await verb(when, "{}", [["h", "x"]])).toBe("drop");
    expect(await verb(when, '{"a":{"b":2}}', [["h", "y"]])).toBe("keep");
  });

  test("keeps tombstones and empty values", async () => {
    expect(await verb({ path: "$.a", equals: null }, null)).toBe("keep");
    expect(await verb({ path: "$.a", equals: null }, "")).toBe("keep");
  });

  test("fails on a value that is not JSON, also behind a value that would match", async () => {
    for (const value of ["text", '{"a":1}x', '{"a":1', '{"a":1,"b":"\u0001"}']) {
      const result = verb({ path: "$.a", equals: 1 }, value);
      await expect(result).rejects.toBeInstanceOf(StraitError);
      await expect(result).rejects.toMatchObject({ code: "filter-failed" });
    }
  });

  test("finds a value below 100,000 levels", async () => {
    const value = `${'[{"a":'.repeat(50_000)}"x"${"}]".repeat(50_000)}`;
    expect(await verb({ path: "$..a", equals: "x" }, value)).toBe("drop");
    expect(await verb({ path: "$..a", equals: "y" }, value)).toBe("keep");
  }, 20_000);

  test("agrees with a parser on any text and path", async () => {
    const equals = fc.constantFrom<string | number | boolean | null>("a", "7", "", "é", 0, 1, true, false, null);
    await fc.assert(
      fc.asyncProperty(randomPath, equals, jsonText(), async (path, expected, text) => {
        // The parser reads tiny numbers as 0, the filter does not.
        fc.pre(!/e[+-]/.test(text));
        const found = [...select(parseReference(text).root, path.segments)]
          .filter(({ kind }) => kind === "scalar")
          .map(({ raw }) => JSON.parse(raw) as unknown);
        const equal = found.some((value) => value === expected);
        expect(await verb({ path: path.text, equals: expected }, text)).toBe(equal ? "drop" : "keep");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the options", () => {
  for (const [what, options] of [
    ["no condition", { when: [] }],
    ["a condition on nothing", { when: [{ equals: "a" }] }],
    ["a condition on two things", { when: [{ header: "a", path: "$.a", equals: "a" }] }],
    ["a container to compare with", { when: [{ path: "$.a", equals: [] }] }],
    ["a header compared with a number", { when: [{ header: "a", equals: 1 }] }],
    ["a number that is none", { when: [{ path: "$.a", equalsNumber: "0x10" }] }],
  ] as const) {
    test(`refuse ${what}`, () => {
      expect(validate(dropRecords.options, options).ok).toBe(false);
    });
  }

  test("refuse a path that cannot be read, with its place", () => {
    const when = [
      { header: "a", equals: "b" },
      { path: "$.a[?@]", equals: "b" },
    ];
    expect(dropRecords.check?.({ when })).toMatchObject([{ path: "/when/1/path" }]);
  });

  test("refuse a number that reading has rounded", () => {
    const equals = JSON.parse("9223372036854775807") as number;
    expect(dropRecords.check?.({ when: [{ path: "$.a", equals }] })).toMatchObject([{ path: "/when/0/equals" }]);
  });

  test("accept what the reference documents", () => {
    const when = [
      { header: "x-test", equals: "true" },
      { path: "$.country", equals: "DE" },
      { path: "$.id", equalsNumber: "9223372036854775807" },
    ];
    expect(validate(dropRecords.options, { when })).toMatchObject({ ok: true });
    expect(dropRecords.check?.({ when })).toEqual([]);
  });
});

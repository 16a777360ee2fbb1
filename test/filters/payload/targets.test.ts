/** `redact` on keys and headers, and what it refuses about them. */

import { describe, expect, test } from "bun:test";
import redact from "../../../filters/redact.ts";
import { validate } from "../../../src/config/validate.ts";
import { type FilterResult, type RecordHeader, StraitError } from "../../../src/mod.ts";
import { createFilter, keyed, recordWith } from "../apply-filter.ts";

const KEY = "${env:KEY}";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Options = Parameters<typeof redact.create>[0];
type HeaderText = readonly [name: string, value: string | null];

const headersOf = (list: readonly HeaderText[]): RecordHeader[] =>
  list.map(([name, value]) => ({ name, value: value === null ? null : encoder.encode(value) }));

async function applied(options: Options, headers: readonly RecordHeader[]): Promise<FilterResult> {
  const filter = await createFilter(redact, { target: "headers", ...options }, { [KEY]: "a key" });
  return filter.apply(recordWith("no JSON", headers));
}

function texts(result: FilterResult): HeaderText[] {
  if (result.verb !== "replace") throw new Error("nothing was changed");
  expect(result.key).toBeUndefined();
  expect(result.value).toBeUndefined();
  return (result.headers ?? []).map(({ name, value }) => [name, value === null ? null : decoder.decode(value)]);
}

describe("headers", () => {
  const some: readonly HeaderText[] = [
    ["trace", "1"],
    ["x-email", "ada@example.org"],
    ["trace", null],
    ["x-email", null],
    ["x-email", ""],
    ["region", "eu"],
  ];

  test("that nobody listed do not cross, and the others keep their order", async () => {
    const result = await applied({ keep: ["$.trace", "$.region"] }, headersOf(some));
    expect(texts(result)).toEqual([
      ["trace", "1"],
      ["trace", null],
      ["region", "eu"],
    ]);
    expect(result).toMatchObject({ changed: ["header (not listed)"] });
  });

  test("are changed wherever the name is, but for those without a value", async () => {
    const fields: Options = {
      fields: [
        { path: "$['x-email']", action: "mask", last: 3 },
        { path: "$.region", action: "drop" },
      ],
    };
    const result = await applied(fields, headersOf(some));
    expect(texts(result)).toEqual([
      ["trace", "1"],
      ["x-email", "************org"],
      ["trace", null],
      ["x-email", null],
      ["x-email", ""],
    ]);
    expect(result).toMatchObject({ changed: ["header $['x-email']", "header $['x-email']", "header $.region"] });
  });

  test("take the text of a replacement, its JSON, or no value", async () => {
    const replaced = async (value: unknown) =>
      texts(
        await applied(
          { fields: [{ path: "$.*", action: "replace", value }] },
          headersOf([
            ["a", "x"],
            ["a", null],
          ]),
        ),
      );
    expect(await replaced("gone")).toEqual([
      ["a", "gone"],
      ["a", null],
    ]);
    expect(await replaced({ b: [1] })).toEqual([
      ["a", '{"b":[1]}'],
      ["a", null],
    ]);
    expect(await replaced(null)).toEqual([
      ["a", null],
      ["a", null],
    ]);
  });

  test("are kept as they are where nothing matches, and where there are none", async () => {
    expect(await applied({ fields: [{ path: "$.other", action: "drop" }] }, headersOf(some))).toEqual({ verb: "keep" });
    expect(await applied({ keep: ["$.other"] }, [])).toEqual({ verb: "keep" });
  });

  test("that are not UTF-8 fail where a text is wanted, and go like any other", async () => {
    const binary: RecordHeader[] = [{ name: "a", value: Uint8Array.of(0x41, 0xff) }];
    const masked = applied({ fields: [{ path: "$.a", action: "hash", key: KEY }] }, binary);
    await expect(masked).rejects.toThrow(
      new StraitError("filter-failed", "cannot hash header $.a: the header's value is not UTF-8"),
    );
    expect(texts(await applied({ fields: [{ path: "$.a", action: "drop" }] }, binary))).toEqual([]);
  });
});

describe("keys", () => {
  const options = { target: "key", fields: [{ path: "$.mail", action: "hash", key: KEY }] };

  test("are changed, and values are not looked at", async () => {
    const filter = await createFilter(redact, options, { [KEY]: "a key" });
    const result = await filter.apply({ ...keyed('{"mail":"ada","id":1}'), value: encoder.encode("no JSON") });
    if (result.verb !== "replace" || !result.key) throw new Error("nothing was changed");
    expect(decoder.decode(result.key)).toMatch(/^\{"mail":"[0-9a-f]{64}","id":1\}$/);
    expect(result).toEqual({ verb: "replace", key: result.key, changed: ["key $.mail"] });
  });

  test("that are null or empty pass, and those that are no JSON fail", async () => {
    const filter = await createFilter(redact, options, { [KEY]: "a key" });
    expect(await filter.apply(recordWith("x"))).toEqual({ verb: "keep" });
    expect(await filter.apply(keyed(""))).toEqual({ verb: "keep" });
    const plain = async () => filter.apply(keyed("ada@example.org"));
    await expect(plain()).rejects.toMatchObject({ code: "filter-failed", message: expect.not.stringContaining("ada") });
  });

  test("are what the definition says it changes", () => {
    const fields: Options = { fields: [{ path: "$.a", action: "drop" }] };
    expect(redact.changesKey?.(fields)).toBe(false);
    expect(redact.changesKey?.({ ...fields, target: "headers" })).toBe(false);
    expect(redact.changesKey?.({ ...fields, target: "key" })).toBe(true);
  });
});

describe("the options", () => {
  const drop = { path: "$.a", action: "drop" } as const;
  const tagged: { tags: string[]; action: "drop" } = { tags: ["PII"], action: "drop" };
  const refused: readonly [what: string, options: Options, path: string][] = [
    ["headers with a format", { target: "headers", format: "json", fields: [drop] }, "/format"],
    ["headers with a schema", { target: "headers", schema: { file: "x" }, fields: [drop] }, "/schema"],
    ["headers by tag", { target: "headers", fields: [tagged] }, ""],
    ["a path below a header", { target: "headers", keep: ["$.a.b"] }, "/keep/0"],
    ["a header by number", { target: "headers", fields: [{ path: "$[0]", action: "drop" }] }, "/fields/0/path"],
    ["Protobuf without schema", { format: "protobuf", fields: [drop] }, "/schema"],
    ["Protobuf without message", { format: "protobuf", schema: { file: "x" }, fields: [drop] }, "/schema/message"],
    ["Avro without schema", { format: "avro", fields: [drop] }, "/schema"],
    ["Avro with a message", { format: "avro", schema: { file: "x", message: "y" }, fields: [drop] }, "/schema/message"],
    ["a registry and a file", { format: "registry", schema: { file: "x" }, fields: [drop] }, "/schema"],
    ["JSON by tag without schema", { fields: [tagged] }, "/schema"],
    ["JSON by path with a schema", { schema: { file: "x" }, fields: [drop] }, "/schema"],
    ["a field with path and tags", { schema: { file: "x" }, fields: [{ ...drop, ...tagged }] }, "/fields/0"],
    ["a field with neither", { fields: [{ action: "drop" }] }, "/fields/0"],
  ];
  for (const [what, options, path] of refused) {
    test(`refuse ${what}`, () => {
      expect(validate(redact.options, options)).toMatchObject({ ok: true });
      expect(redact.check?.(options)).toMatchObject([{ path }]);
    });
  }

  test("accept what the reference documents", () => {
    const accepted: readonly Options[] = [
      { target: "key", fields: [drop] },
      { target: "headers", keep: ["$.trace", "$['x-id']"] },
      { format: "protobuf", schema: { file: "orders.binpb", message: "shop.v1.Order" }, fields: [drop, tagged] },
      { format: "avro", schema: { file: "order.avsc" }, keep: ["$.a"] },
      { format: "registry", fields: [tagged] },
      { schema: { file: "order.schema.json" }, fields: [tagged] },
    ];
    for (const options of accepted) {
      expect(validate(redact.options, options)).toMatchObject({ ok: true });
      expect(redact.check?.(options)).toEqual([]);
    }
  });
});

/** `redact` on every format whose schema is in a file. What each format does to the bytes has tests of its own. */

import { describe, expect, test } from "bun:test";
import { fromBinary, type Message } from "@bufbuild/protobuf";
import avro from "avsc";
import decrypt from "../../../filters/decrypt.ts";
import redact from "../../../filters/redact.ts";
import type { FilterDefinition } from "../../../src/mod.ts";
import { createFilter, recordWith, textAfter, valueAfter } from "../apply-filter.ts";
import { encodeSmallOrder, smallOrder, smallOrderFiles, smallOrderFormat } from "../protobuf/small-order.ts";

const KEY = "${env:KEY}";
const SECRETS = { [KEY]: "5a".repeat(32) };

type Files = Readonly<Record<string, Uint8Array | string>>;

async function changed(definition: FilterDefinition, options: unknown, files: Files, value: Uint8Array) {
  const filter = await createFilter(definition, options, SECRETS, files);
  const record = recordWith(value);
  const result = await filter.apply(record);
  return {
    bytes: valueAfter(record, result) ?? new Uint8Array(),
    changed: result.verb === "replace" ? result.changed : [],
  };
}

describe("JSON by the tags of its schema", () => {
  const schema = JSON.stringify({
    type: "object",
    properties: {
      id: { type: "integer" },
      name: { type: "string", "confluent:tags": ["PII"] },
      lines: {
        type: "array",
        items: { type: "object", properties: { note: { type: "string", "confluent:tags": ["PII", "FREE"] } } },
      },
    },
  });
  const options = (tags: readonly string[]) => ({
    schema: { file: "order.schema.json" },
    fields: [{ tags, action: "replace", value: "gone" }],
  });

  test("is changed wherever a field has one of them", async () => {
    const filter = await createFilter(redact, options(["PII"]), {}, { "order.schema.json": schema });
    const text = '{"id":1,"name":"Ada","lines":[{"note":"for Ada"},{"note":"x","name":"y"}]}';
    expect(await textAfter(filter, text)).toBe(
      '{"id":1,"name":"gone","lines":[{"note":"gone"},{"note":"gone","name":"y"}]}',
    );
    const { changed } = (await filter.apply(recordWith(text))) as { changed: readonly string[] };
    expect(changed).toEqual(["tags PII", "tags PII", "tags PII"]);
  });

  const refused: readonly [what: string, files: Files, tags: string, words: string][] = [
    ["is not there", {}, "PII", "there is no file order.schema.json"],
    ["is no JSON", { "order.schema.json": "{" }, "PII", "order.schema.json: "],
    ["is no text", { "order.schema.json": Uint8Array.of(0xff) }, "PII", "is not text in UTF-8"],
    ["has none of the tags", { "order.schema.json": schema }, "SECRET", "no field has one of the tags SECRET"],
  ];
  for (const [what, files, tag, words] of refused) {
    test(`is refused where the schema ${what}`, async () => {
      await expect(createFilter(redact, options([tag]), {}, files)).rejects.toMatchObject({
        code: "filter-invalid",
        message: expect.stringContaining(words),
      });
    });
  }
});

describe("Avro", () => {
  const schema = {
    type: "record",
    name: "Order",
    fields: [
      { name: "id", type: "int" },
      { name: "mail", type: "string" },
      { name: "age", type: ["null", "int"], default: null },
      { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    ],
  };
  const type = avro.Type.forSchema(schema as avro.Schema);
  const files = { "order.avsc": JSON.stringify(schema) };
  const format = { format: "avro", schema: { file: "order.avsc" } };
  const order = { id: 4711, mail: "ada@example.org", age: 37, at: Date.UTC(2026, 10, 22, 10) };

  test("is changed by path, with results that the schema allows", async () => {
    const options = {
      ...format,
      fields: [
        { path: "$.id", action: "hash", key: KEY },
        { path: "$.mail", action: "mask", first: 1 },
        { path: "$.age", action: "generalise", bucket: 10 },
        { path: "$.at", action: "generalise", to: "year" },
      ],
    };
    const { bytes } = await changed(redact, options, files, type.toBuffer(order));
    const after = type.fromBuffer(Buffer.from(bytes)) as typeof order;
    expect(after.id).not.toBe(4711);
    expect(after).toMatchObject({ mail: "a**************", age: 30, at: Date.UTC(2026, 0, 1) });
  });

  test("is encrypted, and comes back to the byte", async () => {
    const fields = [{ path: "$.mail", action: "encrypt", key: KEY }];
    const value = new Uint8Array(type.toBuffer(order));
    const there = await changed(redact, { ...format, fields }, files, value);
    expect((type.fromBuffer(Buffer.from(there.bytes)) as typeof order).mail).toStartWith("strait.1.gcm.1.");
    expect(await changed(redact, { ...format, fields }, files, value)).toEqual(there);
    const back = await changed(decrypt, { ...format, all: true, keys: { "1": KEY } }, files, there.bytes);
    expect(back.bytes).toEqual(value);
  });

  test("is refused where the schema does not allow what is asked for", async () => {
    const options = { ...format, fields: [{ path: "$.id", action: "encrypt", key: KEY }] };
    await expect(createFilter(redact, options, SECRETS, files)).rejects.toMatchObject({ code: "filter-invalid" });
  });
});

describe("Protobuf", () => {
  const values = encodeSmallOrder({ id: 4711n, note: "ada@example.org", scan: Uint8Array.of(0, 255) });

  test("is changed by path, with results that the schema allows", async () => {
    const fields = [
      { path: "$.id", action: "generalise", bucket: 1000 },
      { path: "$.note", action: "mask", last: 4 },
      { path: "$.scan", action: "drop" },
    ];
    const { bytes, changed: labels } = await changed(redact, { ...smallOrderFormat, fields }, smallOrderFiles, values);
    expect(fromBinary(smallOrder, bytes) as Message).toMatchObject({ id: 4000n, note: "***********.org" });
    expect(labels).toEqual(["$.id", "$.note", "$.scan"]);
  });

  test("is encrypted, texts and bytes, and comes back to the byte", async () => {
    const fields = ["$.note", "$.scan"].map((path) => ({ path, action: "encrypt", key: KEY, algorithm: "aes-siv" }));
    const there = await changed(redact, { ...smallOrderFormat, fields }, smallOrderFiles, values);
    expect(fromBinary(smallOrder, there.bytes) as Message).toMatchObject({
      note: expect.stringMatching(/^strait[.]1[.]siv/),
    });
    const options = { ...smallOrderFormat, paths: ["$.note", "$.scan"], keys: { "1": KEY } };
    expect((await changed(decrypt, options, smallOrderFiles, there.bytes)).bytes).toEqual(values);
  });

  test("is refused with the nearest name where there is no such message", async () => {
    const options = { ...smallOrderFormat, schema: { file: "orders.binpb", message: "shop.Odrer" }, keep: ["$.id"] };
    await expect(createFilter(redact, options, {}, smallOrderFiles)).rejects.toMatchObject({
      code: "filter-invalid",
      message: expect.stringContaining("shop.Order"),
    });
  });
});

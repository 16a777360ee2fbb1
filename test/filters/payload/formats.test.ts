/** `redact` on every format whose schema is in a file. What each format does to the bytes has tests of its own. */

import { describe, expect, test } from "bun:test";
import { create, createFileRegistry, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import avro from "avsc";
import decrypt from "../../../filters/decrypt.ts";
import redact from "../../../filters/redact.ts";
import type { FilterDefinition } from "../../../src/mod.ts";
import { createFilter, recordWith, textAfter, valueAfter } from "../apply-filter.ts";

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
  const field = (name: string, number: number, type: FieldDescriptorProto_Type) => ({
    name,
    number,
    type,
    label: FieldDescriptorProto_Label.OPTIONAL,
  });
  const set = create(FileDescriptorSetSchema, {
    file: [
      {
        name: "order.proto",
        package: "shop",
        syntax: "proto3",
        messageType: [
          {
            name: "Order",
            field: [
              field("id", 1, FieldDescriptorProto_Type.INT64),
              field("mail", 2, FieldDescriptorProto_Type.STRING),
              field("scan", 3, FieldDescriptorProto_Type.BYTES),
            ],
          },
        ],
      },
    ],
  });
  const files = { "orders.binpb": toBinary(FileDescriptorSetSchema, set) };
  const format = { format: "protobuf", schema: { file: "orders.binpb", message: "shop.Order" } };
  const message = createFileRegistry(set).getMessage("shop.Order");
  if (message === undefined) throw new Error("the set has no message");
  const order = { id: 4711n, mail: "ada@example.org", scan: Uint8Array.of(0, 255) };
  const values = toBinary(message, create(message, order as Record<string, unknown>));

  test("is changed by path, with results that the schema allows", async () => {
    const fields = [
      { path: "$.id", action: "generalise", bucket: 1000 },
      { path: "$.mail", action: "mask", last: 4 },
      { path: "$.scan", action: "drop" },
    ];
    const { bytes, changed: labels } = await changed(redact, { ...format, fields }, files, values);
    expect(fromBinary(message, bytes) as Message).toMatchObject({ id: 4000n, mail: "***********.org" });
    expect(labels).toEqual(["$.id", "$.mail", "$.scan"]);
  });

  test("is encrypted, texts and bytes, and comes back to the byte", async () => {
    const fields = ["$.mail", "$.scan"].map((path) => ({ path, action: "encrypt", key: KEY, algorithm: "aes-siv" }));
    const there = await changed(redact, { ...format, fields }, files, values);
    expect(fromBinary(message, there.bytes) as Message).toMatchObject({
      mail: expect.stringMatching(/^strait[.]1[.]siv/),
    });
    const options = { ...format, paths: ["$.mail", "$.scan"], keys: { "1": KEY } };
    expect((await changed(decrypt, options, files, there.bytes)).bytes).toEqual(values);
  });

  test("is refused with the nearest name where there is no such message", async () => {
    const options = { ...format, schema: { file: "orders.binpb", message: "shop.Odrer" }, keep: ["$.id"] };
    await expect(createFilter(redact, options, {}, files)).rejects.toMatchObject({
      code: "filter-invalid",
      message: expect.stringContaining("shop.Order"),
    });
  });
});

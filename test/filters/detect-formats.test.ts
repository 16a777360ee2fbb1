/** `detect` on the formats with a schema. What each format does to the bytes has tests of its own. */

import { describe, expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import avro from "avsc";
import detect from "../../filters/detect.ts";
import { createFilter, recordWith, valueAfter } from "./apply-filter.ts";
import { encodeSmallOrder, smallOrder, smallOrderFiles, smallOrderFormat } from "./protobuf/small-order.ts";
import { contextBetween, filterWith, frameOf, recordOf, twoRegistries } from "./registry/registry-case.ts";

const IBAN = "DE89370400440532013000";
const everything = { detectors: "all", change: { action: "replace", value: "***" } };

describe("Avro", () => {
  const schema = {
    type: "record",
    name: "Order",
    fields: [
      { name: "id", type: "long" },
      { name: "note", type: ["null", "string"], default: null },
      { name: "tags", type: { type: "map", values: "string" } },
      { name: "lines", type: { type: "array", items: "string" } },
    ],
  };
  const type = avro.Type.forSchema(schema as avro.Schema);
  const encode = (note: string) =>
    new Uint8Array(type.toBuffer({ id: 4711, note, tags: { "x@y.de": "x@y.de" }, lines: ["a", IBAN] }));
  const decode = (bytes: Uint8Array): unknown => JSON.parse(JSON.stringify(type.fromBuffer(Buffer.from(bytes))));

  test("has matches changed in its strings and the keys of its maps, and nothing else", async () => {
    const options = { ...everything, format: "avro", schema: { file: "order.avsc" } };
    const filter = await createFilter(detect, options, {}, { "order.avsc": JSON.stringify(schema) });
    const record = recordWith(encode(`to ${IBAN}.`));
    const result = await filter.apply(record);
    expect(result).toMatchObject({ verb: "replace", changed: ["iban", "email", "email", "iban"] });
    const after = { id: 4711, note: "to ***.", tags: { "***": "***" }, lines: ["a", "***"] };
    expect(decode(valueAfter(record, result) ?? new Uint8Array())).toEqual(after);
  });

  test("from a registry counts for each partition by itself, though its schema is waited for", async () => {
    await using registries = twoRegistries();
    const { id } = registries.source.add("orders-value", { schema: JSON.stringify(schema) });
    const context = contextBetween(registries.source, registries.destination);
    const filter = await filterWith(detect, { ...everything, format: "registry" }, context);
    const records = [`${IBAN} ${IBAN}`, "none", "10.0.0.1"].map((note, partition) => ({
      ...recordOf({ value: frameOf(id, encode(note)) }),
      partition,
    }));
    const results = await Promise.all(records.map((record) => filter.apply(record)));
    expect(results.map((result) => (result.verb === "replace" ? result.changed : null))).toEqual([
      ["iban", "iban", "email", "email", "iban"],
      ["email", "email", "iban"],
      ["ipv4", "email", "email", "iban"],
    ]);
  });

  test("from a registry crosses with another id and nothing counted where there is nothing to find", async () => {
    await using registries = twoRegistries();
    const { id } = registries.source.add("orders-value", { schema: '"string"' });
    const context = contextBetween(registries.source, registries.destination);
    const filter = await filterWith(detect, { ...everything, format: "registry" }, context);
    const text = avro.Type.forSchema("string");
    await filter.apply(recordOf({ value: frameOf(id, text.toBuffer(IBAN)) }));
    const result = await filter.apply(recordOf({ value: frameOf(id, text.toBuffer("none")) }));
    expect(result).toMatchObject({ verb: "replace", changed: [] });
  });
});

test("Protobuf has matches changed in its strings, and nothing else", async () => {
  const scan = new TextEncoder().encode("x@y.de");
  const options = { ...everything, ...smallOrderFormat };
  const filter = await createFilter(detect, options, {}, smallOrderFiles);
  const record = recordWith(encodeSmallOrder({ id: 4711n, note: `from x@y.de to ${IBAN}`, scan }));
  const result = await filter.apply(record);
  expect(result).toMatchObject({ verb: "replace", changed: ["email", "iban"] });
  const after = fromBinary(smallOrder, valueAfter(record, result) ?? new Uint8Array());
  expect(after).toMatchObject({ id: 4711n, note: "from *** to ***", scan });
});

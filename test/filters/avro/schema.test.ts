import { describe, expect, test } from "bun:test";
import type { RecordType } from "../../../filters/avro/model.ts";
import { readAvroSchema } from "../../../filters/avro/schema.ts";
import { failureOf, record } from "./compile-with.ts";

function read(schema: unknown, references: readonly unknown[] = []): RecordType {
  const { type } = readAvroSchema(schema, references).root;
  if (type.kind !== "record") throw new Error(`a ${type.kind}`);
  return type;
}

describe("a schema is read", () => {
  test("from JSON text, a bare name, or what was parsed", () => {
    for (const schema of ['"string"', "string", '{"type":"string"}', { type: "string" }])
      expect(readAvroSchema(schema).root.type).toEqual({ kind: "string", logical: null });
    expect(readAvroSchema("null").root.type.kind).toBe("null");
  });

  test("with names by their namespaces", () => {
    const order = read({
      type: "record",
      name: "Order",
      namespace: "eu.shop",
      fields: [
        { name: "state", type: { type: "enum", name: "State", symbols: ["NEW"] } },
        { name: "before", type: ["null", "State"] },
        { name: "other", type: { type: "fixed", name: "us.shop.Id", namespace: "ignored", size: 4 } },
        { name: "same", type: { type: "us.shop.Id" } },
        { name: "parent", type: { type: "array", items: "Order" } },
      ],
    });
    const [state, before, other, same, parent] = order.fields.map(({ place }) => place.type);
    expect(order.fullName).toBe("eu.shop.Order");
    expect(state).toMatchObject({ fullName: "eu.shop.State" });
    expect(before?.kind === "union" && before.branches[1]?.type).toBe(state!);
    expect(other).toMatchObject({ fullName: "us.shop.Id" });
    expect(same).toBe(other!);
    expect(parent?.kind === "array" && parent.items.type).toBe(order);
  });

  test("with a type that has no namespace, used in one", () => {
    const outer = read(record("Outer", { inner: record("a.Inner", { back: ["null", "Outer"] }) }));
    const inner = outer.fields[0]?.place.type as RecordType;
    expect(inner.fields[0]?.place.type).toMatchObject({ branches: [{ json: "null" }, { type: outer }] });
  });

  test("with the types of other schemas, each of which may come twice", () => {
    const country = { type: "enum", name: "geo.Country", symbols: ["DE", "PL"] };
    const address = record("geo.Address", { country: "geo.Country" });
    const references = [JSON.stringify(country), JSON.stringify(address), country];
    const person = read(record("Person", { home: "geo.Address", birth: "geo.Country" }), references);
    const [home, birth] = person.fields.map(({ place }) => place.type);
    expect((home as RecordType).fields[0]?.place.type).toBe(birth!);
    expect([...readAvroSchema('"geo.Address"', references).names]).toEqual(["geo.Country", "geo.Address"]);
  });

  test("with logical types where they are allowed", () => {
    const logical = (type: object): unknown => (readAvroSchema(type).root.type as { logical?: unknown }).logical;
    expect(logical({ type: "int", logicalType: "date" })).toBe("date");
    expect(logical({ type: "long", logicalType: "local-timestamp-micros" })).toBe("local-timestamp-micros");
    expect(logical({ type: "string", logicalType: "uuid" })).toBe("uuid");
    expect(logical({ type: "fixed", name: "F", size: 12, logicalType: "duration" })).toBe("duration");
    expect(logical({ type: "fixed", name: "F", size: 11, logicalType: "duration" })).toBeNull();
    expect(logical({ type: "long", logicalType: "date" })).toBeNull();
    expect(logical({ type: "long", logicalType: "made-up" })).toBeNull();
  });

  test("with the tags of fields and of their records", () => {
    const tagged = { name: "a", type: "string", "confluent:tags": ["PII", "MAIL"] };
    const plain = { name: "b", type: "string" };
    const tags = (more: object): string[][] =>
      read({ type: "record", name: "R", fields: [tagged, plain], ...more }).fields.map((field) => [...field.tags]);
    expect(tags({})).toEqual([["PII", "MAIL"], []]);
    expect(tags({ "confluent:tags": ["SECRET"] })).toEqual([["PII", "MAIL", "SECRET"], ["SECRET"]]);
  });
});

describe("what is no schema is refused, with the place", () => {
  const field = (type: unknown): object => record("R", { a: "int", b: type });
  const nested = (depth: number): unknown => (depth === 0 ? "int" : { type: "array", items: nested(depth - 1) });
  const cases: readonly (readonly [string, unknown, string])[] = [
    [
      "an unknown type",
      field(["null", "Missing"]),
      'unknown type "Missing"; is a schema it refers to missing? (at /fields/1/type/1)',
    ],
    ["an unknown type in an object", field({ type: "Missing" }), "(at /fields/1/type/type)"],
    ["no type at all", field({}), "the type is not a name (at /fields/1/type/type)"],
    ["a number for a type", field(7), "a schema is a name, an object or a list (at /fields/1/type)"],
    ["null for a type", null, "a schema is a name, an object or a list (at its top)"],
    [
      "a type defined twice",
      field({ type: "enum", name: "R", symbols: ["A"] }),
      "R is defined twice (at /fields/1/type)",
    ],
    ["a union in a union", field(["null", ["int"]]), "a union directly in a union (at /fields/1/type/1)"],
    [
      "a type twice in a union",
      field(["int", { type: "int", logicalType: "date" }]),
      "the union has int twice (at /fields/1/type/1)",
    ],
    ["a record twice in a union", field(["R", "R"]), "the union has R twice (at /fields/1/type/1)"],
    [
      "two fields of one name",
      {
        type: "record",
        name: "R",
        fields: [
          { name: "a", type: "int" },
          { name: "a", type: "int" },
        ],
      },
      "the record has two fields named a (at /fields/1/name)",
    ],
    ["a field without name", { type: "record", name: "R", fields: [{ type: "int" }] }, "(at /fields/0/name)"],
    ["a record without fields", { type: "record", name: "R" }, "a record has a list of fields (at /fields)"],
    ["a record without name", { type: "record", fields: [] }, "a name is missing (at /name)"],
    [
      "a name with a dash",
      record("a-b", {}),
      "a name consists of letters, digits and _, and starts with no digit (at /name)",
    ],
    ["a primitive's name", record("string", {}), "string is the name of a primitive type (at /name)"],
    ["a namespace that is no text", record("R", {}, { namespace: 1 }), "the namespace is not a text (at /namespace)"],
    [
      "a symbol twice",
      { type: "enum", name: "E", symbols: ["A", "B", "A"] },
      "the symbol A is there twice (at /symbols/2)",
    ],
    ["a symbol that is no name", { type: "enum", name: "E", symbols: ["A", "1"] }, "(at /symbols/1)"],
    ["an enum without symbols", { type: "enum", name: "E" }, "an enum has a list of symbols (at /symbols)"],
    ["a negative size", { type: "fixed", name: "F", size: -1 }, "the size is a whole number of bytes (at /size)"],
    [
      "tags that are no list",
      { type: "record", name: "R", fields: [{ name: "a", type: "int", "confluent:tags": "PII" }] },
      "tags are a list of texts (at /fields/0/confluent:tags)",
    ],
    ["nesting without end", nested(1000), "the schema is nested deeper than 200 levels"],
  ];
  for (const [what, schema, message] of cases)
    test(what, () => {
      expect(failureOf("filter-invalid", () => readAvroSchema(schema))).toContain(message);
    });

  test("a mistake in a schema that is referred to", () => {
    const message = failureOf("filter-invalid", () =>
      readAvroSchema("int", ["int", { type: "map", values: "Missing" }]),
    );
    expect(message).toContain("(at (reference 2) /values)");
  });

  test("text that is not JSON, without quoting it", () => {
    expect(failureOf("filter-invalid", () => readAvroSchema('{"type":"record","doc":"secret'))).toBe(
      "not an Avro schema: the text is not JSON",
    );
  });
});

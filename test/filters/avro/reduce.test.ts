import { describe, expect, test } from "bun:test";
import { compileAvro } from "../../../filters/avro/compile.ts";
import { readAvroSchema } from "../../../filters/avro/schema.ts";
import { avscType } from "./avsc-values.ts";
import { compiled, DROP, failureOf, fields, keep, record, SHOUT } from "./compile-with.ts";

const ADDRESS = record("Address", { street: "string", country: "string" });

describe("the reduced schema", () => {
  test("is as it was, but for the fields that go and what belongs to them", () => {
    const schema = {
      type: "record",
      name: "Order",
      namespace: "eu.shop",
      doc: "An order.",
      aliases: ["OldOrder"],
      "x-owner": "sales",
      fields: [
        { name: "id", type: { type: "long", "x-unit": "none" }, order: "descending" },
        {
          name: "mail",
          type: "string",
          doc: "Where Ada gets her mail.",
          default: "ada@example.com",
          aliases: ["email"],
        },
        {
          name: "state",
          type: { type: "enum", name: "State", symbols: ["NEW", "OLD"], default: "NEW" },
          default: "OLD",
        },
      ],
    };
    const { reduced } = compiled(schema, fields({ "$.mail": DROP }));
    expect(JSON.stringify(reduced)).toBe(JSON.stringify({ ...schema, fields: [schema.fields[0], schema.fields[2]] }));
  });

  test("is null where no field goes", () => {
    const schema = record("R", {
      list: { type: "array", items: "string" },
      map: { type: "map", values: ADDRESS },
      a: "string",
    });
    const selection = fields({ "$.list[0]": DROP, "$.map[*]": DROP, "$.a": SHOUT, "$.missing": DROP });
    expect(compiled(schema, selection).reduced).toBeNull();
    expect(compiled(record("R", { a: ["null", "string"] }), fields({ "$.a": DROP }), "blank").reduced).toBeNull();
  });

  test("has a definition where the type is used first by now", () => {
    const schema = record("a.R", { gone: ADDRESS, home: ["null", "Address"], work: "a.Address" });
    expect(compiled(schema, fields({ "$.gone": DROP })).reduced).toEqual(
      record("a.R", { home: ["null", ADDRESS], work: "a.Address" }),
    );
  });

  test("says the namespace of a definition that moved to another one", () => {
    const inner = record("b.Inner", { first: { type: "fixed", name: "Id", size: 2 } });
    const none = record("Outer", { gone: inner, moved: "b.Id", kept: record("c.Deep", { id: "b.Id" }) });
    expect(compiled(none, fields({ "$.gone": DROP })).reduced).toEqual(
      record("Outer", {
        moved: { type: "fixed", name: "Id", size: 2, namespace: "b" },
        kept: record("c.Deep", { id: "b.Id" }),
      }),
    );
    const plain = record("Top", { gone: { type: "fixed", name: "Id", size: 2 }, kept: record("c.Deep", { id: "Id" }) });
    expect(compiled(plain, fields({ "$.gone": DROP })).reduced).toEqual(
      record("Top", { kept: record("c.Deep", { id: { type: "fixed", name: "Id", size: 2, namespace: "" } }) }),
    );
  });

  test("has no types that nobody uses any more", () => {
    const schema = record("R", { gone: ADDRESS, a: "int" });
    expect(compiled(schema, fields({ "$.gone": DROP })).reduced).toEqual(record("R", { a: "int" }));
  });

  test("has a second name for a type that is left in two forms", () => {
    const schema = record("a.R", { home: ADDRESS, work: "Address", other: ["null", "Address"], last: "a.Address" });
    const selection = fields({ "$.work.street": DROP, "$.other.street": DROP });
    const short = record("Address_2", { country: "string" });
    const { reduced } = compiled(schema, selection);
    expect(reduced).toEqual(
      record("a.R", { home: ADDRESS, work: short, other: ["null", "Address_2"], last: "a.Address" }),
    );
    expect(() => avscType(reduced)).not.toThrow();
    expect(compiled(schema, selection).reduced).toEqual(reduced);
  });

  test("takes no name that there is", () => {
    const taken = { type: "enum", name: "Address_2", symbols: ["A"] };
    const schema = record("R", { home: ADDRESS, work: "Address", taken });
    const short = record("Address_3", { country: "string" });
    expect(compiled(schema, fields({ "$.work.street": DROP })).reduced).toEqual(
      record("R", { home: ADDRESS, work: short, taken }),
    );
  });

  test("unrolls a recursive type only as far as the paths do", () => {
    const node = record("Node", { name: "string", next: ["null", "Node"] });
    expect(compiled(node, fields({ "$..name": DROP })).reduced).toEqual(record("Node", { next: ["null", "Node"] }));
    expect(compiled(node, fields({ "$.next.name": DROP })).reduced).toEqual(
      record("Node", {
        name: "string",
        next: [
          "null",
          record("Node_2", { next: ["null", record("Node_3", { name: "string", next: ["null", "Node_3"] })] }),
        ],
      }),
    );
  });

  test("defines the types of other schemas itself", () => {
    const country = { type: "enum", name: "geo.Country", symbols: ["DE"] };
    const address = record("geo.Address", { street: "string", country: "Country" });
    const person = record("Person", { home: "geo.Address", age: "int" });
    expect(compiled(person, fields({ "$..street": DROP }), "reduce", [country, address]).reduced).toEqual(
      record("Person", { home: record("geo.Address", { country }), age: "int" }),
    );
  });

  test("has no value of a field that goes in the default of what is around it", () => {
    const list = { type: "array", items: "Address" };
    const home = { street: "Secret Lane", country: "DE" };
    const schema = {
      type: "record",
      name: "R",
      fields: [
        { name: "home", type: ADDRESS, default: home },
        { name: "list", type: [list, "null"], default: [home, home] },
        { name: "map", type: { type: "map", values: "Address" }, default: { __proto__x: home } },
        { name: "wrong", type: "Address", default: { street: "Secret Lane" } },
      ],
    };
    const { reduced } = compiled(schema, fields({ "$..street": DROP }));
    expect(JSON.stringify(reduced)).not.toContain("Secret");
    expect(reduced).toMatchObject({
      fields: [
        { default: { country: "DE" } },
        { default: [{ country: "DE" }, { country: "DE" }] },
        { default: { __proto__x: { country: "DE" } } },
        { name: "wrong" },
      ],
    });
    expect((reduced as typeof schema).fields[3]).not.toHaveProperty("default");
  });

  test("has no default of which a part cannot be left", () => {
    const inner = { name: "u", type: ["string", ADDRESS], default: "secret" };
    const other = { name: "n", type: "int", default: 1 };
    const outer = { type: "record", name: "Outer", fields: [inner, other] };
    const schema = {
      type: "record",
      name: "R",
      fields: [
        { name: "given", type: outer, default: { u: "secret", n: 2 } },
        { name: "missing", type: "Outer", default: { n: 2 } },
        { name: "list", type: { type: "array", items: "Outer" }, default: [{ n: 2 }] },
      ],
    };
    const { reduced } = compiled(schema, keep("$..country", "$..n"));
    expect(JSON.stringify(reduced)).not.toContain("secret");
    expect(JSON.stringify(reduced)).not.toContain('"n":2');
    expect(() => avscType(reduced)).not.toThrow();
  });

  test("leaves an empty record where all fields go", () => {
    const schema = record("R", { home: ADDRESS, a: "int" });
    expect(compiled(schema, fields({ "$.home.*": DROP })).reduced).toEqual(
      record("R", { home: record("Address", {}), a: "int" }),
    );
    expect(compiled(schema, keep("$.missing")).reduced).toEqual(record("R", {}));
  });

  test("keeps numbers that JavaScript's cannot hold", () => {
    const text = `{"type":"record","name":"R","fields":[{"name":"until","type":"long","default":9223372036854775807},{"name":"a","type":"int"}]}`;
    const { reduced } = compileAvro(readAvroSchema(text), fields({ "$.a": DROP }), { drops: "reduce" });
    expect(JSON.stringify(reduced)).toContain('"default":9223372036854775807');
  });

  test("of an allow-list says nothing about values that cannot be there any more", () => {
    const secret = { ...record("Secret", { code: "string" }), doc: "kept for its branch" };
    const schema = record("R", { u: ["null", ADDRESS, secret], list: { type: "array", items: ["string", "Secret"] } });
    expect(compiled(schema, keep("$.u.country")).reduced).toEqual(
      record("R", {
        u: ["null", record("Address", { country: "string" }), { ...record("Secret", {}), doc: "kept for its branch" }],
      }),
    );
  });
});

describe("one schema for all items of an array or a map", () => {
  test("refuses fields that go from some of them only", () => {
    const lines = record("R", { lines: { type: "array", items: ADDRESS } });
    expect(failureOf("filter-invalid", () => compiled(lines, fields({ "$.lines[0].street": DROP })))).toBe(
      "cannot reduce the Avro schema at $.lines: its items would have different fields; choose the same in all of them ([*]), or let the schema stay",
    );
    const map = record("R", { map: { type: "map", values: ADDRESS } });
    failureOf("filter-invalid", () => compiled(map, keep("$.map.a.street", "$.map.b.country")));
  });

  test("does not mind those of which nothing is left", () => {
    const lines = record("R", { lines: { type: "array", items: ADDRESS } });
    const short = record("R", { lines: { type: "array", items: record("Address", { country: "string" }) } });
    expect(compiled(lines, keep("$.lines[0].country")).reduced).toEqual(short);
    expect(compiled(lines, fields({ "$.lines[0].street": DROP, "$.lines[*]": DROP })).reduced).toBeNull();
  });
});

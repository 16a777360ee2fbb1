import { describe, expect, test } from "bun:test";
import { parsePath } from "../../../../filters/fields/path.ts";
import type { Selection } from "../../../../filters/fields/selection.ts";
import { compileJsonSchema } from "../../../../filters/registry/json-schema.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const drop = (...paths: string[]): Selection => ({
  form: "fields",
  rules: paths.map((path) => ({ choice: { path: parsePath(path) }, change: { kind: "drop" }, label: path })),
});

const keepOnly = (...paths: string[]): Selection => ({ form: "keep", paths: paths.map(parsePath), label: "x" });

function reduced(schema: unknown, selection: Selection): unknown {
  const { reduced: text } = compileJsonSchema(JSON.stringify(schema), new Map(), selection);
  return text === null ? null : JSON.parse(text);
}

const SECRET = { type: "string", description: "what it is", default: "d", examples: ["e"] };
const ID = { type: "integer" };

describe("what is dropped", () => {
  test("goes with its schema, its texts, and what demands it", () => {
    const schema = {
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Order",
      description: "An order.",
      type: "object",
      properties: { id: ID, secret: SECRET },
      required: ["id", "secret"],
      dependentRequired: { secret: ["id"], id: ["secret"] },
      minProperties: 2,
      default: { secret: "x" },
      examples: [{ id: 1, secret: "x" }],
      additionalProperties: false,
      "x-columns": { secret: 3 },
      "x-owner": "us",
    };
    expect(reduced(schema, drop("$.secret"))).toEqual({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Order",
      description: "An order.",
      type: "object",
      properties: { id: ID },
      required: ["id"],
      dependentRequired: { id: [] },
      additionalProperties: false,
      "x-owner": "us",
    });
  });

  test("in a part, in an alternative, and in what follows a condition", () => {
    const part = `{"properties":{"secret":${JSON.stringify(SECRET)},"b":true},"required":["secret"]}`;
    const left = '{"properties":{"b":true},"required":[]}';
    const schema = (each: string) =>
      JSON.parse(`{"allOf":[${each}],"anyOf":[${each},true],"if":{"required":["b"]},"then":${each}}`) as unknown;
    expect(reduced(schema(part), drop("$.secret"))).toEqual(schema(left));
  });

  test("leaves alternatives that may not be told apart any more as such", () => {
    const schema = { allOf: [{ type: "object" }], oneOf: [{ required: ["secret"] }, { required: ["id"] }] };
    expect(reduced(schema, drop("$.secret"))).toEqual({
      allOf: [{ type: "object" }, { anyOf: [{ required: [] }, { required: ["id"] }] }],
    });
  });

  test("takes along what is said by way of not and if", () => {
    const schema: unknown = JSON.parse(
      `{"properties":{"id":true},"not":{"required":["secret"]},"if":{"properties":{"secret":{"const":"x"}}},"then":{"required":["id"]}}`,
    );
    expect(reduced(schema, drop("$.secret"))).toEqual({ properties: { id: true } });
  });

  test("deep inside, in lists, in maps, and at any depth", () => {
    const schema = {
      properties: {
        lines: { type: "array", minItems: 1, uniqueItems: true, items: { properties: { to: SECRET, sku: ID } } },
        people: { additionalProperties: { properties: { to: SECRET, id: ID } } },
        other: { properties: { to: SECRET } },
      },
    };
    expect(reduced(schema, drop("$.lines[*].to", "$.people.*.to"))).toEqual({
      properties: {
        lines: { type: "array", minItems: 1, items: { properties: { sku: ID } } },
        people: { additionalProperties: { properties: { id: ID } } },
        other: { properties: { to: SECRET } },
      },
    });
    expect(JSON.stringify(reduced(schema, drop("$..to")))).not.toContain("what it is");
  });

  test("all elements of a list", () => {
    const schema = { properties: { mails: { type: "array", minItems: 1, items: SECRET } } };
    expect(reduced(schema, drop("$.mails[*]"))).toEqual({ properties: { mails: { type: "array" } } });
  });

  test("one member of a map by its name", () => {
    const entry = { properties: { to: SECRET, id: ID } };
    expect(reduced({ additionalProperties: entry }, drop("$.a.to"))).toEqual({
      additionalProperties: entry,
      properties: { a: { properties: { id: ID } } },
    });
  });

  test("nothing, where other things are done or the schema says nothing of it", () => {
    const schema = { properties: { id: ID, secret: SECRET } };
    expect(reduced(schema, drop("$.unknown", "$.id.deeper"))).toBeNull();
    const replace: Selection = {
      form: "fields",
      rules: [{ choice: { path: parsePath("$.secret") }, change: { kind: "replace", value: "x" }, label: "" }],
    };
    expect(reduced(schema, replace)).toBeNull();
  });

  test("not what an earlier rule does something else to", () => {
    const schema = { properties: { a: SECRET, b: SECRET } };
    const selection: Selection = {
      form: "fields",
      rules: [
        { choice: { path: parsePath("$.a") }, change: { kind: "replace", value: "x" }, label: "" },
        { choice: { path: parsePath("$.*") }, change: { kind: "drop" }, label: "" },
      ],
    };
    expect(reduced(schema, selection)).toEqual({ properties: { a: SECRET } });
  });
});

describe("an allow-list", () => {
  test("keeps what it names, and of what is around it the shell", () => {
    const schema = {
      type: "object",
      description: "An order.",
      properties: {
        id: ID,
        secret: SECRET,
        customer: { type: "object", properties: { name: SECRET, country: ID }, required: ["country"] },
      },
      required: ["id", "secret", "customer"],
      additionalProperties: SECRET,
    };
    expect(reduced(schema, keepOnly("$.id", "$.customer.country"))).toEqual({
      type: "object",
      description: "An order.",
      properties: { id: ID, customer: { type: "object", properties: { country: ID }, required: ["country"] } },
      // It may have held nothing that is kept, and then it goes.
      required: ["id"],
      additionalProperties: false,
    });
  });

  test("keeps a listed container whole", () => {
    const customer = { type: "object", properties: { name: SECRET }, minProperties: 1, default: {} };
    expect(reduced({ properties: { customer, x: SECRET } }, keepOnly("$.customer"))).toEqual({
      properties: { customer },
    });
  });

  test("keeps what additional members it names", () => {
    expect(reduced({ additionalProperties: SECRET }, keepOnly("$.a"))).toEqual({
      additionalProperties: false,
      properties: { a: SECRET },
    });
  });
});

describe("definitions", () => {
  const person = { properties: { name: SECRET, id: ID } };
  const left = { properties: { id: ID } };

  test("that only what is dropped refers to go", () => {
    const schema = {
      $defs: { person, other: ID },
      properties: { from: { $ref: "#/$defs/person" }, id: { $ref: "#/$defs/other" } },
    };
    expect(reduced(schema, drop("$.from"))).toEqual({
      properties: { id: { $ref: "#/$defs/other" } },
      $defs: { other: ID },
    });
  });

  test("are reduced in place where every use is", () => {
    const schema = {
      definitions: { person },
      properties: { from: { $ref: "#/definitions/person" }, to: { $ref: "#/definitions/person" } },
    };
    expect(reduced(schema, drop("$.*.name"))).toEqual({
      properties: { from: { $ref: "#/definitions/person" }, to: { $ref: "#/definitions/person" } },
      definitions: { person: left },
    });
  });

  test("are there twice where some uses stay whole", () => {
    const schema = {
      definitions: { person },
      properties: { from: { $ref: "#/definitions/person" }, to: { $ref: "#/definitions/person" } },
    };
    expect(reduced(schema, drop("$.from.name"))).toEqual({
      properties: {
        from: { $ref: "#/definitions/person-reduced-1" },
        to: { $ref: "#/definitions/person" },
      },
      definitions: { person, "person-reduced-1": left },
    });
  });

  test("that contain themselves", () => {
    const node = { properties: { secret: SECRET, children: { items: { $ref: "#/$defs/node" } } } };
    expect(reduced({ $defs: { node }, properties: { tree: { $ref: "#/$defs/node" } } }, drop("$..secret"))).toEqual({
      properties: { tree: { $ref: "#/$defs/node" } },
      $defs: { node: { properties: { children: { items: { $ref: "#/$defs/node" } } } } },
    });
    expect(reduced({ properties: { secret: SECRET, next: { $ref: "#" } } }, drop("$..secret"))).toEqual({
      properties: { next: { $ref: "#" } },
    });
  });

  test("that contain themselves and lose something on top only", () => {
    const node = { properties: { secret: SECRET, next: { $ref: "#/$defs/node" } } };
    expect(reduced({ $defs: { node }, properties: { top: { $ref: "#/$defs/node" } } }, drop("$.top.secret"))).toEqual({
      properties: { top: { $ref: "#/$defs/node-reduced-1" } },
      $defs: { node, "node-reduced-1": { properties: { next: { $ref: "#/$defs/node" } } } },
    });
  });

  test("that whole parts refer to stay, and those they refer to", () => {
    const $defs = { a: { items: { $ref: "#/$defs/b" } }, b: ID, c: SECRET };
    const schema = { $defs, properties: { x: { $ref: "#/$defs/a" }, y: { $ref: "#/$defs/c" } } };
    expect(reduced(schema, drop("$.y"))).toEqual({
      properties: { x: { $ref: "#/$defs/a" } },
      $defs: { a: $defs.a, b: ID },
    });
  });

  test("names are escaped", () => {
    const schema = { $defs: { "a/b %": person }, properties: { x: { $ref: "#/$defs/a~1b%20%25" } } };
    expect(reduced(schema, drop("$.x.name"))).toEqual({
      properties: { x: { $ref: "#/$defs/a~1b%20%25" } },
      $defs: { "a/b %": left },
    });
  });
});

test.each<[string, unknown, string]>([
  ["a pattern about a dropped field", { patternProperties: { "^se": SECRET } }, "$.secret"],
  ["a pattern RE2 cannot run", { patternProperties: { "(?=s)": SECRET } }, "$.secret"],
  ["one element of a list", { properties: { a: { items: { properties: { b: SECRET } } } } }, "$.a[0].b"],
  ["a place of a list", { properties: { a: { prefixItems: [ID, SECRET] } } }, "$.a[1]"],
  ["objects that are listed", { properties: { a: { enum: [{ b: 1 }] } } }, "$.a.b"],
  ["a dynamic reference", { properties: { a: { $dynamicRef: "#x" } } }, "$.a.b"],
  ["an id inside", { properties: { a: { $id: "x", properties: { b: SECRET } } } }, "$.a.b"],
  ["a part that is the whole", { properties: { a: SECRET, next: { $ref: "#" } } }, "$.a"],
])("%s cannot be told", (_title, schema, path) => {
  expect(thrownBy(() => reduced(schema, drop(path))).code).toBe("filter-failed");
});

test("fields in another schema cannot be taken out of it", () => {
  const schema = JSON.stringify({ properties: { from: { $ref: "person.json" }, id: ID } });
  const others = new Map([["person.json", JSON.stringify({ properties: { name: SECRET } })]]);
  expect(thrownBy(() => compileJsonSchema(schema, others, drop("$.from.name"))).code).toBe("filter-failed");
  expect(compileJsonSchema(schema, others, drop("$.id")).reduced).toBe(
    '{"properties":{"from":{"$ref":"person.json"}}}',
  );
});

import { describe, expect, test } from "bun:test";
import type { JsonPath } from "../../../../filters/fields/path.ts";
import { SchemaDocuments } from "../../../../filters/registry/json-schema/documents.ts";
import { taggedPaths } from "../../../../filters/registry/json-schema/tagged-paths.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const PII = { type: "string", "confluent:tags": ["PII"] };

const inWords = (path: JsonPath) =>
  `$${path
    .map(({ descend, selector }) => {
      const step = selector === null ? "*" : typeof selector === "number" ? `[${selector}]` : selector;
      return `${descend ? ".." : "."}${step}`;
    })
    .join("")}`;

function pathsIn(schema: unknown, others: Readonly<Record<string, unknown>> = {}, tags = ["PII"]): string[] {
  const referenced = new Map(Object.entries(others).map(([name, other]) => [name, JSON.stringify(other)]));
  return taggedPaths(new SchemaDocuments(JSON.stringify(schema), referenced), tags).map(inWords);
}

test.each<[string, unknown, string[]]>([
  ["a property", { properties: { name: PII, id: { type: "string" } } }, ["$.name"]],
  ["a property of a property", { properties: { customer: { properties: { name: PII } } } }, ["$.customer.name"]],
  ["elements", { properties: { mails: { items: PII } } }, ["$.mails.*"]],
  ["members of elements", { properties: { lines: { items: { properties: { to: PII } } } } }, ["$.lines.*.to"]],
  ["places of a list", { properties: { pair: { prefixItems: [{}, PII] } } }, ["$.pair.[1]"]],
  ["places of a list, as before 2020", { properties: { pair: { items: [{}, PII] } } }, ["$.pair.[1]"]],
  ["values of a map", { properties: { phones: { additionalProperties: PII } } }, ["$.phones.*"]],
  ["alternatives", { oneOf: [{ properties: { a: PII } }, { properties: { b: PII } }] }, ["$.a", "$.b"]],
  ["a part", { allOf: [{ properties: { a: PII } }], properties: { b: PII } }, ["$.a", "$.b"]],
  ["a condition", { if: { properties: { a: PII } }, else: { properties: { b: PII } } }, ["$.a", "$.b"]],
  ["a dependent schema", { dependentSchemas: { x: { properties: { a: PII } } } }, ["$.a"]],
  [
    "a name that is a keyword",
    { properties: { properties: { properties: { default: PII } } } },
    ["$.properties.default"],
  ],
  ["what is tagged as a whole", { properties: { a: { ...PII, properties: { b: PII } } } }, ["$.a"]],
])("%s", (_title, schema, expected) => {
  expect(pathsIn(schema)).toEqual(expected);
});

test("only the tags asked for count, and one of several is enough", () => {
  const schema = { properties: { a: { "confluent:tags": ["X", "PII"] }, b: { "confluent:tags": ["Y"] }, c: PII } };
  expect(pathsIn(schema)).toEqual(["$.a", "$.c"]);
  expect(pathsIn(schema, {}, ["Y", "X"])).toEqual(["$.a", "$.b"]);
  expect(pathsIn(schema, {}, ["pii"])).toEqual([]);
});

describe("references", () => {
  test("a definition counts wherever it is used", () => {
    const person = { properties: { name: PII } };
    const schema = {
      definitions: { person },
      properties: { from: { $ref: "#/definitions/person" }, to: { items: { $ref: "#/definitions/person" } } },
    };
    expect(pathsIn(schema)).toEqual(["$.from.name", "$.to.*.name"]);
  });

  test("a tag on the definition itself is one on what uses it", () => {
    expect(pathsIn({ $defs: { mail: PII }, properties: { to: { $ref: "#/$defs/mail" } } })).toEqual(["$.to"]);
  });

  test("a definition nobody uses is about nothing", () => {
    expect(pathsIn({ $defs: { mail: PII }, properties: { to: {} } })).toEqual([]);
  });

  test("one that contains itself is looked for at any depth below", () => {
    const node = { properties: { secret: PII, children: { items: { $ref: "#/$defs/node" } } } };
    expect(pathsIn({ $defs: { node }, properties: { tree: { $ref: "#/$defs/node" } } })).toEqual(["$.tree..secret"]);
    expect(pathsIn({ properties: { secret: PII, next: { $ref: "#" } } })).toEqual(["$..secret"]);
  });

  test("two that contain each other", () => {
    const schema = {
      $defs: {
        a: { properties: { x: PII, toB: { $ref: "#/$defs/b" } } },
        b: { properties: { y: PII, toA: { $ref: "#/$defs/a" } } },
      },
      properties: { start: { $ref: "#/$defs/b" } },
    };
    expect(pathsIn(schema).sort()).toEqual(["$.start..toA.x", "$.start..y"]);
  });

  test("one that is itself, of the same value, ends", () => {
    expect(pathsIn({ allOf: [{ $ref: "#" }], properties: { a: PII } })).toEqual(["$.a"]);
  });

  test("other schemas are followed by the name they are referred to by", () => {
    const person = { definitions: { mail: PII }, properties: { mail: { $ref: "#/definitions/mail" } } };
    const schema = { properties: { from: { $ref: "person.json" }, to: { $ref: "person.json#/definitions/mail" } } };
    expect(pathsIn(schema, { "person.json": person })).toEqual(["$.from.mail", "$.to"]);
  });

  test("names are relative to the schema's id", () => {
    const schema = { $id: "https://example.org/order.json", properties: { from: { $ref: "./person.json" } } };
    expect(pathsIn(schema, { "https://example.org/person.json": { properties: { a: PII } } })).toEqual(["$.from.a"]);
    expect(pathsIn(schema, { "person.json": { properties: { a: PII } } })).toEqual(["$.from.a"]);
  });

  test("escapes in a reference are resolved", () => {
    const schema = { $defs: { "a/b %": PII }, properties: { x: { $ref: "#/$defs/a~1b%20%25" } } };
    expect(pathsIn(schema)).toEqual(["$.x"]);
  });
});

test.each<[string, unknown]>([
  ["the whole value", PII],
  ["patterns of names", { patternProperties: { "^x": PII } }],
  ["other members beside listed ones", { properties: { a: {} }, additionalProperties: PII }],
  ["elements behind places", { prefixItems: [{}], items: PII }],
  ["some elements", { contains: PII }],
  ["names", { propertyNames: PII }],
  ["a keyword nobody knows", { properties: { a: { "x-later": PII } } }],
  ["tags that are no list", { properties: { a: { "confluent:tags": { PII: true } } } }],
  ["a reference that leads nowhere", { properties: { a: { $ref: "#/definitions/none" } } }],
  ["a reference by anchor", { $defs: { a: { $anchor: "x" } }, properties: { a: { $ref: "#x" } } }],
  ["a schema that is not there", { properties: { a: { $ref: "other.json" } } }],
  ["a dynamic reference", { properties: { a: { $dynamicRef: "#x" } } }],
])("%s cannot be followed", (_title, schema) => {
  expect(thrownBy(() => pathsIn(schema)).code).toBe("filter-failed");
});

test("text that is no schema is refused without a word of it", () => {
  for (const text of ["secret", '"secret"', "[1]"]) {
    const failure = thrownBy(() => new SchemaDocuments(text, new Map()));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).not.toContain("secret");
  }
});

test("more paths than anybody can want are refused", () => {
  const level = (n: number) => ({ properties: { a: { $ref: `#/$defs/l${n}` }, b: { $ref: `#/$defs/l${n}` } } });
  const $defs = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`l${i}`, i === 19 ? { properties: { x: PII } } : level(i + 1)]),
  );
  expect(thrownBy(() => pathsIn({ $defs, ...level(0) })).code).toBe("filter-failed");
});

import { describe, expect, test } from "bun:test";
import { builtInFilters } from "../../../filters/index.ts";
import { LinkInput } from "../../../src/config/resource-inputs.ts";
import { canShow, fits, kindOf } from "../../../src/dashboard/client/form/schema-kind.js";
import type { JsonSchema } from "../../../src/dashboard/client/types.d.ts";
import { ORDER_REDACTION } from "../../../src/demo/orders.ts";

/** As the browser gets it: without what TypeBox keeps beside. */
const asJson = (schema: unknown) => JSON.parse(JSON.stringify(schema)) as JsonSchema;

test.each<[string, JsonSchema]>([
  ["text", { type: "string" }],
  ["choice", { anyOf: [{ const: "a" }, { const: "b" }] }],
  ["choice", { enum: ["a", "b"] }],
  ["number", { type: "integer" }],
  ["switch", { type: "boolean" }],
  ["list", { type: "array", items: { type: "string" } }],
  ["object", { type: "object", properties: { a: { type: "string" } } }],
  ["record", { type: "object", patternProperties: { "^.*$": { type: "string" } } }],
  ["record", { type: "object", additionalProperties: { type: "string" } }],
  ["json", { type: "object", patternProperties: { "^.*$": {} } }],
  ["json", { description: "Any JSON value." }],
])("a field is a %s where its schema says so", (kind, schema) => {
  expect(kindOf(schema)).toBe(kind as ReturnType<typeof kindOf>);
});

describe("a value", () => {
  const redact = asJson(builtInFilters.find(({ name }) => name === "redact")?.options);

  test("of a filter's options is shown in the form made from the filter's schema", () => {
    expect(fits(redact, ORDER_REDACTION.options)).toBe(true);
    expect(fits(redact, { keep: ["$.id"], format: "avro", schema: { file: "a.avsc" } })).toBe(true);
  });

  test("with anything the schema does not know is not", () => {
    expect(fits(redact, { keep: ["$.id"], colour: "blue" })).toBe(false);
    expect(fits(redact, { keep: "$.id" })).toBe(false);
  });

  test("that lacks something can be shown, so that it can be filled in", () => {
    const link = asJson(LinkInput);
    expect(canShow(link, { name: "eu-to-us" })).toBe(true);
    expect(fits(link, { name: "eu-to-us" })).toBe(false);
    expect(canShow(link, { title: "eu-to-us" })).toBe(false);
  });
});

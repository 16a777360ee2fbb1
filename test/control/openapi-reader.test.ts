/** The parts of the page at /docs that need no browser. */

import { describe, expect, test } from "bun:test";
import { commandOf } from "../../src/control/openapi/reader/command.js";
import { rulesOf, shapesIn, typeOf } from "../../src/control/openapi/reader/schema-text.js";
import { matches, searchText } from "../../src/control/openapi/reader/search.js";

const operation = {
  operationId: "x",
  summary: "Adds a link.",
  tags: ["Links"],
  "x-role": "operator",
  parameters: [
    { name: "link", in: "path", required: true, description: "The link's name.", schema: {}, example: "a b" },
    { name: "topic", in: "query", required: true, description: "A topic.", schema: {}, example: "orders" },
    { name: "limit", in: "query", required: false, description: "How many.", schema: {} },
  ],
  requestBody: { required: true, content: { "application/json": { schema: {}, example: { name: "it's" } } } },
  responses: { 201: { description: "The link." } },
} as const;
const entry = { method: "post", path: "/v1/links/{link}", operation };

describe("a command", () => {
  test("has the examples filled in, quoted for a shell", () => {
    expect(commandOf(entry, "http://h:1").split(" \\\n  ")).toEqual([
      "curl -X POST 'http://h:1/v1/links/a%20b?topic=orders'",
      '-H "authorization: Bearer $STRAIT_TOKEN"',
      "-H 'content-type: application/json'",
      `-d '{"name":"it'\\''s"}'`,
    ]);
  });
});

describe("a search", () => {
  test.each(["links", "POST", "operator", "limit", "201", "adds link"])("finds an operation by %p", (words) => {
    expect(matches(searchText(entry), words)).toBe(true);
  });

  test("finds nothing where one word is missing", () => {
    expect(matches(searchText(entry), "links nothing")).toBe(false);
  });
});

describe("a schema in words", () => {
  test.each<[object, string]>([
    [{ $ref: "#/components/schemas/Link" }, "Link"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "text or null"],
    [{ type: "array", items: { const: "a" } }, 'list of "a"'],
    [{ type: "object", patternProperties: { "^.*$": { type: "integer" } } }, "integer by name"],
    [{}, "anything"],
  ])("%j is %s", (schema, words) => {
    expect(typeOf(schema)).toBe(words);
  });

  test("says its rules", () => {
    expect(rulesOf({ minimum: 0, maxLength: 3, default: 1, pattern: "^a" })).toEqual([
      "at least 0",
      "at most 3 characters",
      "matches ^a",
      "default 1",
    ]);
  });

  test("shows the objects in lists and alternatives", () => {
    const shape = { properties: { a: {} } };
    expect(shapesIn({ anyOf: [{ type: "string" }, { items: shape }] })).toEqual([shape]);
  });
});

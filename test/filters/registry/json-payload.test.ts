import { expect, test } from "bun:test";
import redact from "../../../filters/redact.ts";
import { failureOf } from "../../support/failure-of.ts";
import {
  contextBetween,
  filterWith,
  frameOf,
  idIn,
  type Registries,
  twoRegistries,
  valueAfter,
} from "./registry-case.ts";

const SCHEMA = JSON.stringify({
  type: "object",
  properties: {
    id: { type: "integer" },
    email: { type: "string", description: "MARKER", "confluent:tags": ["PII"] },
    to: { $ref: "person.json" },
  },
  required: ["id", "email"],
  additionalProperties: false,
});
const PERSON = JSON.stringify({ properties: { name: { type: "string", "confluent:tags": ["PII"] }, country: true } });

const text = '{"id" : 7.0,"email":"ada@example.org", "to":{"name":"Ada","country":"UK"}}';
const encoder = new TextEncoder();

function add({ source }: Registries): number {
  source.add("person", { schema: PERSON, schemaType: "JSON" });
  const references = [{ name: "person.json", subject: "person", version: 1 }];
  return source.add("orders-value", { schema: SCHEMA, schemaType: "JSON", references }).id;
}

const DROP = { format: "registry", fields: [{ path: "$.email", action: "drop" }] };

async function after(registries: Registries, options: unknown, body = text): Promise<Uint8Array> {
  const id = add(registries);
  const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
  return valueAfter(filter, frameOf(id, encoder.encode(body)));
}

test("a dropped field is not in the data and not in the schema that goes along", async () => {
  await using registries = twoRegistries();
  const value = await after(registries, DROP);
  expect(Buffer.from(value.subarray(5)).toString()).toBe('{"id" : 7.0, "to":{"name":"Ada","country":"UK"}}');
  const [stored] = registries.destination.versionsOf("eu.orders-value");
  expect(stored?.id).toBe(idIn(value));
  expect(JSON.parse(stored?.schema ?? "")).toEqual({
    type: "object",
    properties: { id: { type: "integer" }, to: { $ref: "person.json" } },
    required: ["id"],
    additionalProperties: false,
  });
  expect(stored?.references).toEqual([{ name: "person.json", subject: "person", version: 1 }]);
});

test("fields are found by tag, also in schemas referred to", async () => {
  await using registries = twoRegistries();
  const value = await after(registries, {
    format: "registry",
    fields: [{ tags: ["PII"], action: "replace", value: "x" }],
  });
  expect(Buffer.from(value.subarray(5)).toString()).toBe('{"id" : 7.0,"email":"x", "to":{"name":"x","country":"UK"}}');
  expect(registries.destination.versionsOf("eu.orders-value")[0]?.schema).toBe(SCHEMA);
});

test("tags that the registry keeps beside the schema are not overlooked", async () => {
  await using registries = twoRegistries();
  const { source, destination } = registries;
  const metadata = { tags: { "**.id": ["PII"] } };
  const { id } = source.add("orders-value", { schema: '{"properties":{"id":true}}', schemaType: "JSON", metadata });
  const value = frameOf(id, encoder.encode('{"id":1}'));
  const context = contextBetween(source, destination);
  const byTag = await filterWith(redact, { format: "registry", fields: [{ tags: ["PII"], action: "drop" }] }, context);
  expect((await failureOf(valueAfter(byTag, value))).message).toContain("PII");
  const byOther = await filterWith(redact, { format: "registry", fields: [{ tags: ["X"], action: "drop" }] }, context);
  expect((await valueAfter(byOther, value)).subarray(5)).toEqual(value.subarray(5));
});

test.each(["no JSON", '{"id":1}{', "", '\ufeff{"id":1}'])("a body that is no JSON fails: %p", async (body) => {
  await using registries = twoRegistries();
  expect((await failureOf(after(registries, DROP, body))).code).toBe("filter-failed");
});

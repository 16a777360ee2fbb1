import { describe, expect, test } from "bun:test";
import { randomUUID } from "node:crypto";
import type { Schema } from "../../../src/model/schema-registry.ts";
import { failureOf } from "../../support/failure-of.ts";
import { StandInRegistry } from "../../support/schema-registry.ts";
import { anyRegistry, registryClient, SHORT_MS } from "./registry-under-test.ts";

const avroSchema = (name: string, fields = ["id"]) =>
  JSON.stringify({ type: "record", name, fields: fields.map((field) => ({ name: field, type: "string" })) });

const avro = (name: string, fields?: string[]): Schema => ({
  type: "AVRO",
  text: avroSchema(name, fields),
  references: [],
});

/** A FileDescriptorProto: name `a.proto`, package `a`, one empty message `M`, syntax proto3. */
const DESCRIPTOR = Buffer.from("0a07612e70726f746f1201612203 0a014d620670726f746f33".replace(" ", ""), "hex").toString(
  "base64",
);

const subject = () => `strait-test-${randomUUID()}-value`;

describe("any registry", () => {
  test("what was registered is found by id, by version and under its subject", async () => {
    await using registry = await anyRegistry();
    const name = subject();
    const client = registryClient(registry.url);
    const { id, version } = await client.register(name, avro("Found"));
    expect(version).toBe(1);
    expect(JSON.parse((await client.byId(id)).text)).toEqual(JSON.parse(avroSchema("Found")));
    expect(await client.byVersion(name, version)).toMatchObject({ type: "AVRO", references: [] });
    expect(await client.subjectsOf(id)).toContain(name);
  });

  test("the same schema again is the same id, by another client too", async () => {
    await using registry = await anyRegistry();
    const name = subject();
    const first = await registryClient(registry.url).register(name, avro("Again"));
    expect(await registryClient(registry.url).register(name, avro("Again"))).toEqual(first);
  });

  test("references come back with the schema", async () => {
    await using registry = await anyRegistry();
    const client = registryClient(registry.url);
    const other = subject();
    const { version } = await client.register(other, avro("Other"));
    const references = [{ name: "Other", subject: other, version }];
    const text = JSON.stringify({ type: "record", name: "Whole", fields: [{ name: "other", type: "Other" }] });
    const { id } = await client.register(subject(), { type: "AVRO", text, references });
    expect((await registryClient(registry.url).byId(id)).references).toEqual(references);
  });

  test("a JSON Schema is one", async () => {
    await using registry = await anyRegistry();
    const client = registryClient(registry.url);
    const { id } = await client.register(subject(), { type: "JSON", text: '{"type":"object"}', references: [] });
    expect(await registryClient(registry.url).byId(id)).toMatchObject({ type: "JSON", text: '{"type":"object"}' });
  });

  test("a Protobuf schema is its descriptor", async () => {
    await using registry = await anyRegistry();
    const client = registryClient(registry.url);
    const { id } = await client.register(subject(), { type: "PROTOBUF", text: DESCRIPTOR, references: [] });
    const { type, text } = await registryClient(registry.url).byId(id);
    expect(type).toBe("PROTOBUF");
    expect(Buffer.from(text, "base64").toString("latin1")).toContain("proto3");
  });

  test("an id that nobody has fails, in the registry's words", async () => {
    await using registry = await anyRegistry();
    const failure = await failureOf(registryClient(registry.url).byId(2_000_000_001));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("40403");
    expect(failure.message).toContain("Schema 2000000001 not found");
  });
});

describe("what is asked", () => {
  test("many who want one schema share a request, and later ones need none", async () => {
    await using registry = new StandInRegistry();
    const { id } = registry.add("a-value", { schema: avroSchema("Shared") });
    const client = registryClient(registry.url);
    const all = await Promise.all(Array.from({ length: 20 }, () => client.byId(id)));
    await client.byId(id);
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(registry.requests).toEqual([`GET /schemas/ids/${id}`]);
  });

  test("a thousand answers are kept and not more", async () => {
    await using registry = new StandInRegistry();
    const ids = Array.from({ length: 1010 }, (_, i) => registry.add("a-value", { schema: avroSchema(`S${i}`) }).id);
    const client = registryClient(registry.url);
    for (const id of ids) await client.byId(id);
    const before = registry.requests.length;
    for (const id of ids.slice(-1000)) await client.byId(id);
    expect(registry.requests.length).toBe(before);
    await client.byId(ids[0] ?? 0);
    expect(registry.requests.length).toBe(before + 1);
  });

  test("names of subjects are escaped", async () => {
    await using registry = new StandInRegistry();
    const { version } = await registryClient(registry.url).register("a/b?c d-value", avro("Odd"));
    expect(registry.subjects).toEqual(["a/b?c d-value"]);
    expect((await registryClient(registry.url).byVersion("a/b?c d-value", version)).type).toBe("AVRO");
  });

  test("a registry that answers with the id alone is asked for the version", async () => {
    await using registry = new StandInRegistry({ old: true });
    const client = registryClient(registry.url);
    await client.register("a-value", avro("First"));
    expect(await client.register("a-value", avro("Second"))).toEqual({ id: 2, version: 2, guid: null });
  });

  test("a schema is found by its UUID, and its id too", async () => {
    await using registry = new StandInRegistry({ firstId: 40 });
    const { guid } = registry.add("a-value", { schema: avroSchema("Named") });
    const client = registryClient(registry.url);
    expect((await client.byGuid(guid)).text).toBe(avroSchema("Named"));
    expect(await client.idOf(guid)).toBe(40);
    expect(await client.register("b-value", avro("Named"))).toEqual({ id: 40, version: 1, guid });
  });

  test("a UUID nobody has, and a registry without any, fail", async () => {
    await using registry = new StandInRegistry();
    await using old = new StandInRegistry({ old: true });
    const guid = randomUUID();
    expect((await failureOf(registryClient(registry.url).byGuid(guid))).code).toBe("filter-failed");
    expect((await failureOf(registryClient(registry.url).idOf(guid))).code).toBe("filter-failed");
    expect((await failureOf(registryClient(old.url).byGuid(guid))).code).toBe("filter-failed");
  });

  test("tags that are beside a schema are said", async () => {
    await using registry = new StandInRegistry();
    const metadata = { tags: { "**.name": ["PII"], "**.id": ["PII", "ID"] } };
    const { id } = registry.add("a-value", { schema: avroSchema("Tagged"), metadata });
    expect((await registryClient(registry.url).byId(id)).outsideTags).toEqual(["PII", "ID"]);
  });
});

describe("failures", () => {
  test("nobody there", async () => {
    const registry = new StandInRegistry();
    await registry.stop();
    const failure = await failureOf(registryClient(registry.url).byId(1));
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
    expect(failure.message).toContain(registry.url);
    expect(failure.message).toContain("ECONNREFUSED");
  });

  test("an error that passes is not noticed", async () => {
    await using registry = new StandInRegistry();
    const { id } = registry.add("a-value", { schema: avroSchema("Late") });
    registry.disturbance = () =>
      registry.requests.length <= 2 ? Response.json({ error_code: 50001, message: "x" }, { status: 500 }) : null;
    expect((await registryClient(registry.url).byId(id)).type).toBe("AVRO");
    expect(registry.requests).toHaveLength(3);
  });

  test("errors that do not pass end in time, and the next call tries anew", async () => {
    await using registry = new StandInRegistry();
    const { id } = registry.add("a-value", { schema: avroSchema("Later") });
    registry.disturbance = () => Response.json({ error_code: 50001, message: "x" }, { status: 500 });
    const client = registryClient(registry.url);
    const began = performance.now();
    const failure = await failureOf(client.byId(id));
    expect(performance.now() - began).toBeLessThan(SHORT_MS + 1000);
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
    expect(failure.message).toContain("500");
    registry.disturbance = () => null;
    expect((await client.byId(id)).type).toBe("AVRO");
  });

  test("a registry that takes for ever is given up", async () => {
    await using registry = new StandInRegistry();
    const { promise, resolve } = Promise.withResolvers<null>();
    registry.disturbance = () => promise;
    const failure = await failureOf(registryClient(registry.url).byId(1));
    resolve(null);
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
  });

  test.each<[string, () => Response]>([
    ["a page", () => new Response("<html>welcome</html>", { headers: { "content-type": "text/html" } })],
    ["an answer without a schema", () => Response.json({ hello: 1 })],
    ["a list", () => Response.json([])],
    ["a page that is not found", () => new Response("nothing here", { status: 404 })],
    ["another address", () => Response.redirect("http://127.0.0.1:1/")],
  ])("%s is no registry's answer", async (_title, answer) => {
    await using registry = new StandInRegistry();
    registry.disturbance = answer;
    const failure = await failureOf(registryClient(registry.url).byId(1));
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
  });

  test("a schema that is incompatible is refused with the kind of trouble, and none of the schema", async () => {
    await using registry = new StandInRegistry({ compatibility: "BACKWARD" });
    const client = registryClient(registry.url);
    await client.register("a-value", avro("Kept"));
    const failure = await failureOf(client.register("a-value", avro("Kept", ["id", "secretField"])));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("READER_FIELD_MISSING_DEFAULT_VALUE");
    expect(failure.message).toContain("/subjects/a-value/versions");
    expect(failure.message).not.toContain("fields");
    expect(failure.message).not.toContain("secretField");
  });

  test("an invalid schema is refused without its text", async () => {
    await using registry = new StandInRegistry();
    const schema: Schema = { type: "AVRO", text: '"no-such-type"', references: [] };
    const failure = await failureOf(registryClient(registry.url).register("a-value", schema));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("42201");
    expect(failure.message).not.toContain("no-such-type");
  });

  test("a type of schema that strait does not know fails", async () => {
    await using registry = new StandInRegistry();
    const { id } = registry.add("a-value", { schema: "<xs/>", schemaType: "XSD" });
    const failure = await failureOf(registryClient(registry.url).byId(id));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("XSD");
  });
});

/** What happens around payloads, whatever their schemas: frames, headers, and registries that come and go. */

import { describe, expect, test } from "bun:test";
import avro from "avsc";
import fc from "fast-check";
import redact from "../../../filters/redact.ts";
import translateSchemas from "../../../filters/translate-schemas.ts";
import type { FilterResult } from "../../../src/mod.ts";
import { failureOf } from "../../support/failure-of.ts";
import { StandInRegistry } from "../../support/schema-registry.ts";
import {
  bytesOf,
  contextBetween,
  filterWith,
  frameOf,
  guidFrame,
  idIn,
  recordOf,
  twoRegistries,
  valueAfter,
} from "./registry-case.ts";

const STRING = avro.Type.forSchema("string");
const text = STRING.toBuffer("some text");
const REPLACE = { format: "registry", fields: [{ path: "$.email", action: "replace", value: "x" }] };

const recordSchema = (name: string) =>
  JSON.stringify({ type: "record", name, fields: [{ name: "email", type: "string" }] });

describe("ids", () => {
  test("are translated, the rest stays, and after the first record nothing is waited for or asked", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const value = frameOf(id, text);
    const first = filter.apply(recordOf({ value }));
    expect(first).toBeInstanceOf(Promise);
    const expected = { verb: "replace", value: frameOf(70_000, text), changed: [] };
    expect(await first).toEqual(expected as FilterResult);
    const asked = [source.requests.length, destination.requests.length];
    expect(filter.apply(recordOf({ value }))).toEqual(expected as FilterResult);
    expect([source.requests.length, destination.requests.length]).toEqual(asked);
  });

  test("stay where the registry is the same, and where the destination has none", async () => {
    await using registries = twoRegistries();
    const { source } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    for (const destination of [source, null]) {
      const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
      expect(await filter.apply(recordOf({ value: frameOf(id, text) }))).toEqual({ verb: "keep" });
    }
    expect(source.subjects).toEqual(["orders-value"]);
  });

  test("that many records bring at the same time are asked for once", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    await Promise.all(Array.from({ length: 20 }, () => valueAfter(filter, frameOf(id, text))));
    expect(source.requests).toEqual([`GET /schemas/ids/${id}`, `GET /schemas/ids/${id}/subjects`]);
    expect(destination.requests).toEqual(["POST /subjects/eu.orders-value/versions"]);
  });

  test("that take turns are each translated, a thousand of them too", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const filter = await filterWith(redact, REPLACE, contextBetween(source, destination));
    const ids = Array.from(
      { length: 1000 },
      (_, i) => source.add("orders-value", { schema: recordSchema(`R${i}`) }).id,
    );
    for (const id of [...ids, ids[0] ?? 0, ids[999] ?? 0]) {
      const after = await valueAfter(filter, frameOf(id, text));
      const [stored] = destination.versionsOf("eu.orders-value").filter((each) => each.id === idIn(after));
      expect(stored?.schema).toBe(recordSchema(`R${ids.indexOf(id)}`));
      expect(after.subarray(5)).toEqual(new Uint8Array(STRING.toBuffer("x")));
    }
  });

  test("of keys and values are translated under subjects of their own", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const key = source.add("orders-key", { schema: '"long"' }).id;
    const value = source.add("orders-value", { schema: '"string"' }).id;
    const filter = await filterWith(translateSchemas, { parts: ["key", "value"] }, contextBetween(source, destination));
    const long = Uint8Array.of(2);
    for (const _ of ["first sight", "later"]) {
      const result = await filter.apply(recordOf({ key: frameOf(key, long), value: frameOf(value, text) }));
      expect(result).toEqual({
        verb: "replace",
        key: frameOf(destination.versionsOf("eu.orders-key")[0]?.id ?? 0, long),
        value: frameOf(destination.versionsOf("eu.orders-value")[0]?.id ?? 0, text),
        changed: [],
      });
    }
  });

  test("changing keys says so", () => {
    expect(translateSchemas.changesKey?.({ parts: ["key"] })).toBe(true);
    expect(translateSchemas.changesKey?.({})).toBe(false);
  });
});

describe("headers", () => {
  const other = { name: "trace", value: Uint8Array.of(1) };

  test("with the GUID, which is the same at the destination, stay", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { guid } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const header = { name: "__value_schema_id", value: guidFrame(guid) };
    expect(await filter.apply(recordOf({ value: text }, [other, header]))).toEqual({ verb: "keep" });
    expect(destination.versionsOf("eu.orders-value")[0]?.guid).toBe(guid);
  });

  test("with the GUID of a schema that is reduced get the other one", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const schema = JSON.stringify({
      type: "record",
      name: "R",
      fields: [
        { name: "id", type: "int" },
        { name: "email", type: "string" },
      ],
    });
    const { guid } = source.add("orders-value", { schema });
    const options = { format: "registry", fields: [{ path: "$.email", action: "drop" }] };
    const filter = await filterWith(redact, options, contextBetween(source, destination));
    const header = { name: "__value_schema_id", value: guidFrame(guid) };
    const result = await filter.apply(recordOf({ value: bytesOf(Uint8Array.of(4), text) }, [header, other]));
    const [stored] = destination.versionsOf("eu.orders-value");
    expect(stored?.guid).not.toBe(guid);
    expect(result).toMatchObject({
      verb: "replace",
      value: Uint8Array.of(4),
      headers: [{ name: "__value_schema_id", value: guidFrame(stored?.guid ?? "") }, other],
      changed: ["$.email"],
    });
  });

  test("with an id get the other one, the last of the name, and the value stays", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const header = { name: "__value_schema_id", value: frameOf(id) };
    const result = await filter.apply(recordOf({ value: text }, [other, { ...header }, header, other]));
    expect(result).toMatchObject({ verb: "replace", value: text });
    expect((result as { headers: unknown }).headers).toEqual([
      other,
      header,
      { name: "__value_schema_id", value: frameOf(70_000) },
      other,
    ]);
  });

  test("of key and value are both translated, and a value of no bytes too", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"null"' });
    const filter = await filterWith(translateSchemas, { parts: ["key", "value"] }, contextBetween(source, destination));
    const headers = [
      { name: "__key_schema_id", value: frameOf(id) },
      { name: "__value_schema_id", value: frameOf(id) },
    ];
    const empty = new Uint8Array();
    const result = await filter.apply(recordOf({ key: empty, value: empty }, headers));
    expect((result as { headers: unknown }).headers).toEqual([
      { name: "__key_schema_id", value: frameOf(70_000) },
      { name: "__value_schema_id", value: frameOf(70_000) },
    ]);
  });

  test("that hold more than an id fail", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const header = { name: "__value_schema_id", value: frameOf(id, text) };
    const failure = await failureOf((async () => filter.apply(recordOf({ value: text }, [header])))());
    expect(failure.code).toBe("filter-failed");
  });

  test("with a GUID cannot be followed to a registry that has none", async () => {
    await using source = new StandInRegistry();
    await using destination = new StandInRegistry({ old: true });
    const { guid } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const failure = await failureOf(valueAfter(filter, bytesOf(guidFrame(guid), text)));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("GUID");
  });
});

describe("what only looks like a frame", () => {
  test("fails: an id nobody has, and bytes of any kind", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: recordSchema("R") });
    const context = contextBetween(source, destination);
    const filters = [await filterWith(translateSchemas, {}, context), await filterWith(redact, REPLACE, context)];
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
      fc.uint8Array({ maxLength: 8 }).map((rest) => frameOf(id + 1, rest)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...filters), async (value, filter) => {
        expect((await failureOf(valueAfter(filter, value))).code).toBe("filter-failed");
      }),
      { numRuns: 60 },
    );
    expect(destination.subjects).toEqual([]);
  });

  test("fails: a body that is none of the schema, though nothing is to be changed in it", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const ids = [
      source.add("orders-value", { schema: recordSchema("R") }).id,
      source.add("orders-value", { schema: '{"type":"object"}', schemaType: "JSON" }).id,
    ];
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    for (const id of ids) {
      const failure = await failureOf((async () => valueAfter(filter, frameOf(id, Uint8Array.of(0x7b, 1))))());
      expect(failure.code).toBe("filter-failed");
    }
  });

  test("null passes, and for redact what is empty", async () => {
    await using registries = twoRegistries();
    const context = contextBetween(registries.source, registries.destination);
    const filter = await filterWith(redact, REPLACE, context);
    expect(filter.apply(recordOf({}))).toEqual({ verb: "keep" });
    expect(filter.apply(recordOf({ value: new Uint8Array() }))).toEqual({ verb: "keep" });
    expect((await filterWith(translateSchemas, {}, context)).apply(recordOf({}))).toEqual({ verb: "keep" });
  });
});

describe("a registry that is down", () => {
  test("at first sight of a schema fails the record, for now", async () => {
    const { source, destination } = twoRegistries();
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    await destination.stop();
    const failure = await failureOf(valueAfter(filter, frameOf(id, text)));
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
    expect(failure.message).toContain(destination.url);

    const again = new StandInRegistry({ port: destination.port, firstId: 5 });
    expect(idIn(await valueAfter(filter, frameOf(id, text)))).toBe(5);
    await Promise.all([again.stop(), source.stop()]);
  });

  test("later leaves what is known alone, and fails what is new", async () => {
    const { source, destination } = twoRegistries();
    const { id } = source.add("orders-value", { schema: '"string"' });
    const next = source.add("orders-value", { schema: '"long"' }).id;
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    await valueAfter(filter, frameOf(id, text));
    await Promise.all([source.stop(), destination.stop()]);
    expect(idIn(await valueAfter(filter, frameOf(id, text)))).toBe(70_000);
    const failure = await failureOf(valueAfter(filter, frameOf(next, text)));
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
  });
});

describe("clusters without registries", () => {
  test("a source without one is refused when the filter is made", async () => {
    for (const [definition, options] of [
      [translateSchemas, {}],
      [redact, REPLACE],
    ] as const) {
      const failure = await failureOf(filterWith(definition, options, contextBetween(null, null)));
      expect(failure.code).toBe("filter-invalid");
    }
  });

  test("a destination without one is no obstacle where nothing is dropped", async () => {
    await using source = new StandInRegistry();
    const { id } = source.add("orders-value", { schema: recordSchema("R") });
    const filter = await filterWith(redact, REPLACE, contextBetween(source, null));
    expect(await valueAfter(filter, frameOf(id, text))).toEqual(frameOf(id, STRING.toBuffer("x")));
  });
});

test("secrets and content are in no message", async () => {
  await using registries = twoRegistries();
  const { source, destination } = registries;
  const { id } = source.add("orders-value", { schema: recordSchema("R") });
  const filter = await filterWith(redact, REPLACE, contextBetween(source, destination));
  const failure = await failureOf(valueAfter(filter, frameOf(id, text, Buffer.from("hunter2"))));
  expect(`${failure.message} ${failure.stack}`).not.toContain("hunter2");
  expect(`${failure.message} ${failure.stack}`).not.toContain("some text");
});

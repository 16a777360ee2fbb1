/** Several filters of a mapping on the same framed data: what goes along is what the last of them leaves. */

import { expect, test } from "bun:test";
import avro from "avsc";
import redact from "../../../filters/redact.ts";
import translateSchemas from "../../../filters/translate-schemas.ts";
import type { FilterContext, KafkaRecord, RecordFilter } from "../../../src/mod.ts";
import { failureOf } from "../../support/failure-of.ts";
import {
  changed,
  contextBetween,
  filterWith,
  frameOf,
  idIn,
  type Registries,
  recordOf,
  twoRegistries,
} from "./registry-case.ts";

const ORDER = {
  type: "record" as const,
  name: "Order",
  fields: ["id", "email", "note"].map((name) => ({ name, type: "string", doc: `doc of ${name}` })),
};
const body = avro.Type.forSchema(ORDER as avro.Schema).toBuffer({ id: "7", email: "ada@example.org", note: "n" });

const drop = (path: string) => ({ format: "registry", fields: [{ path, action: "drop" }] });
const hide = (path: string) => ({ format: "registry", fields: [{ path, action: "mask" }] });

const addOrder = ({ source }: Registries) => source.add("orders-value", { schema: JSON.stringify(ORDER) }).id;

/** As a runner makes the filters of one mapping. */
function contextsOf({ source, destination }: Registries): (changes?: Partial<FilterContext>) => FilterContext {
  const shared = new Map<string, unknown>();
  return (changes = {}) => contextBetween(source, destination, { shared, ...changes });
}

async function after(filters: readonly RecordFilter[], value: Uint8Array): Promise<Uint8Array> {
  let current = value;
  for (const filter of filters) current = changed({ value: current }, await filter.apply(recordOf({ value: current })));
  return current;
}

function consumed({ destination }: Registries, value: Uint8Array): unknown {
  const stored = destination.versionsOf("eu.orders-value").find(({ id }) => id === idIn(value));
  const type = avro.Type.forSchema(JSON.parse(stored?.schema ?? "") as avro.Schema);
  return { ...(type.fromBuffer(Buffer.from(value.subarray(5))) as object) };
}

test("each works on what the one before left, and one schema goes along", async () => {
  await using registries = twoRegistries();
  const context = contextsOf(registries);
  const filters = [
    await filterWith(redact, drop("$.email"), context()),
    await filterWith(redact, hide("$.id"), context()),
    await filterWith(redact, drop("$.note"), context()),
    await filterWith(translateSchemas, {}, context()),
  ];
  const value = frameOf(addOrder(registries), body);
  for (const _ of ["first sight", "later"]) {
    expect(consumed(registries, await after(filters, value))).toEqual({ id: "*" });
  }
  expect(registries.destination.versionsOf("eu.orders-value")).toHaveLength(1);
  expect(JSON.stringify(registries.destination.versionsOf("eu.orders-value"))).not.toMatch(/email|note/);
});

test("where nothing is changed and the registry is shared, the record comes out as it was", async () => {
  await using registries = twoRegistries();
  const { source } = registries;
  const context = contextsOf({ ...registries, destination: source });
  const filters = [
    await filterWith(translateSchemas, {}, context()),
    await filterWith(redact, hide("$.unknown"), context()),
  ];
  const value = frameOf(addOrder(registries), body);
  expect(await after(filters, value)).toEqual(value);
});

test("those that only look on see each stage, register nothing, and need no registry for what they drop", async () => {
  await using registries = twoRegistries();
  const context = contextsOf(registries);
  const onlooker = () => filterWith(redact, drop("$.note"), context({ monitor: true }));
  const before = await onlooker();
  const first = await filterWith(redact, drop("$.email"), context());
  const between = await onlooker();
  const last = await filterWith(redact, hide("$.id"), context());
  const behind = await onlooker();

  const value = frameOf(addOrder(registries), body);
  const stages: [RecordFilter, Uint8Array][] = [
    [before, value],
    [between, await after([first], value)],
    [behind, await after([first, last], value)],
  ];
  for (const [filter, seen] of stages) {
    expect(await filter.apply(recordOf({ value: seen }))).toMatchObject({ verb: "replace", changed: ["$.note"] });
  }
  expect(registries.destination.versionsOf("eu.orders-value")).toHaveLength(1);
  expect(JSON.stringify(registries.destination.versionsOf("eu.orders-value"))).toContain("note");
  const nowhere = contextBetween(registries.source, null, { monitor: true });
  expect(await filterWith(redact, drop("$.note"), nowhere)).toBeDefined();
});

test("of keys and of values are not in each other's way", async () => {
  await using registries = twoRegistries();
  const context = contextsOf(registries);
  const id = addOrder(registries);
  const filters = [
    await filterWith(redact, { ...hide("$.id"), target: "key" }, context()),
    await filterWith(redact, hide("$.email"), context()),
  ];
  let record: KafkaRecord = recordOf({ key: frameOf(id, body), value: frameOf(id, body) });
  for (const filter of filters) record = { ...record, ...(await filter.apply(record)) };
  expect([idIn(record.key ?? body), idIn(record.value ?? body)]).toEqual([70_000, 70_000]);
});

test("a frame that something else put between them fails", async () => {
  await using registries = twoRegistries();
  const context = contextsOf(registries);
  const first = await filterWith(redact, drop("$.email"), context());
  const last = await filterWith(redact, drop("$.note"), context());
  const value = frameOf(addOrder(registries), body);
  const between = await after([first], value);
  const others = [value, frameOf(70_000, body), Uint8Array.of(0xfd, 0, 0, 1, 0, 1), between.subarray(0, 3)];
  for (const other of others) {
    const failure = await failureOf((async () => last.apply(recordOf({ value: other })))());
    expect(failure.code).toBe("filter-failed");
  }
  // And what looks like one of them is none at the beginning.
  expect((await failureOf((async () => first.apply(recordOf({ value: between })))())).code).toBe("filter-failed");
});

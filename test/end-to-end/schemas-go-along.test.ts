/** Framed records between two real clusters with a schema registry each: fields stay behind, in data and in schemas. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import avro from "avsc";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { StandInRegistry } from "../support/schema-registry.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { addMirror, counted, expectVerified, mirrored } from "./mirror/mirror-case.ts";
import { type Strait, straitBetweenClusters } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PASSWORD = "STRAIT_TEST_REGISTRY_PASSWORD";
const TOTAL = 3000;
const PARTITIONS = 2;

const fields = (names: readonly string[]) => names.map((name) => ({ name, type: "string", doc: `doc of ${name}` }));
const SCHEMAS = [
  ["id", "email"],
  ["id", "email", "note"],
  ["note", "id"],
].map((names) => ({
  type: "record" as const,
  name: "Order",
  fields: fields(names),
}));
const types = SCHEMAS.map((schema) => avro.Type.forSchema(schema as avro.Schema));

let brokers: TestClusters;
let strait: Strait;
let east: StandInRegistry;
let west: StandInRegistry;

beforeAll(async () => {
  process.env[PASSWORD] = "hunter2";
  ({ brokers, strait } = await straitBetweenClusters());
  const authorization = `Basic ${Buffer.from("strait:hunter2").toString("base64")}`;
  east = new StandInRegistry({ firstId: 10, authorization });
  west = new StandInRegistry({ firstId: 5000 });
  const access = { username: "strait", password: `\${env:${PASSWORD}}` };
  for (const [name, region, cluster, schemaRegistry] of [
    ["east", "eu", brokers.east, { url: east.url, ...access }],
    ["west", "us", brokers.west, { url: west.url }],
  ] as const) {
    const properties = { "bootstrap.servers": cluster.bootstrap };
    await strait.send("PUT", `/clusters/${name}`, { region, properties, schemaRegistry });
  }
});

afterAll(async () => {
  delete process.env[PASSWORD];
  await Promise.all([strait?.close(), east?.stop(), west?.stop()]);
});

function framed(id: number, body: Uint8Array): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(id, 1);
  return Buffer.concat([frame, body]);
}

test("dropped fields are in no record and no schema at the destination, and what is no frame is set aside", async () => {
  const topic = await createTopic(brokers.east, "framed", { partitions: PARTITIONS });
  const destination = `eu.${topic}`;
  const ids = SCHEMAS.map((schema) => east.add(`${topic}-value`, { schema: JSON.stringify(schema) }).id);
  const records = Array.from({ length: TOTAL }, (_, i): TestRecord => {
    const version = i % types.length;
    const body = types[version]!.toBuffer({ id: `id-${i}`, email: `secret-${i}@example.org`, note: `note-${i}` });
    const value = i % 500 === 7 ? framed(9_999_999, body) : i % 500 === 8 ? body : framed(ids[version]!, body);
    return { partition: i % PARTITIONS, key: `key-${i}`, value, headers: [], timestamp: Date.now() };
  });
  await produce(brokers.east, topic, records);

  const link = uniqueName("framed");
  // Two of them: the second works on what the first has left, and one schema goes along.
  const filters = [
    { use: "redact", options: { format: "registry", fields: [{ path: "$.email", action: "drop" }] } },
    { use: "redact", options: { format: "registry", fields: [{ path: "$.id", action: "mask", first: 3 }] } },
  ];
  await addMirror(strait, link, topic, { destination, filters, onFailure: "quarantine" });
  await mirrored(strait, link, brokers.east, topic);

  const copied = [...(await readTopic(brokers.west, destination)).values()].flat();
  const stored = west.versionsOf(`${destination}-value`);
  const readers = new Map(stored.map(({ id, schema }) => [id, avro.Type.forSchema(JSON.parse(schema) as avro.Schema)]));
  for (const { key, value } of copied) {
    const bytes = Buffer.from(value ?? []);
    const i = Number(
      Buffer.from(key ?? [])
        .toString()
        .slice(4),
    );
    const expected = {
      id: `id-${"*".repeat(`${i}`.length)}`,
      ...(i % types.length === 0 ? {} : { note: `note-${i}` }),
    };
    const read: unknown = readers.get(bytes.readUInt32BE(1))?.fromBuffer(bytes.subarray(5));
    if (!Bun.deepEquals({ ...(read as object) }, expected)) expect(read).toEqual(expected);
    if (bytes.includes("secret")) throw new Error(`record ${i} holds what must not cross`);
  }
  const setAside = (2 * TOTAL) / 500;
  const numbers = copied.map(({ key }) =>
    Number(
      Buffer.from(key ?? [])
        .toString()
        .slice(4),
    ),
  );
  const withEmail = numbers.filter((i) => i % types.length !== 2).length;
  expect(copied).toHaveLength(TOTAL - setAside);
  expect(await counted(strait, link, TOTAL)).toMatchObject({
    quarantined: setAside,
    changed: { redact: { "$.email": withEmail, "$.id": copied.length } },
  });
  expect(west.subjects).toEqual([`${destination}-value`]);
  expect(JSON.stringify(stored)).not.toContain("email");
  await expectVerified(strait, link);
});

test("what lets us into a registry is never shown", async () => {
  const cluster = await strait.send<{ schemaRegistry: unknown }>("GET", "/clusters/east");
  expect(cluster.schemaRegistry).toEqual({ url: east.url, username: "strait", password: "***" });
  expect(JSON.stringify(await strait.send("GET", "/audit"))).not.toContain("hunter2");
});

test("a registry that is down holds the partition up, and it goes on when the registry is back", async () => {
  const topic = await createTopic(brokers.east, "held-up", { partitions: 1 });
  const schema = JSON.stringify({ type: "record", name: topic.replaceAll("-", "_"), fields: fields(["id"]) });
  const { id } = east.add(`${topic}-value`, { schema });
  const value = framed(id, Buffer.from([4, 97, 98]));
  await produce(brokers.east, topic, [{ partition: 0, key: "k", value, headers: [], timestamp: Date.now() }]);

  west.disturbance = () => Response.json({ error_code: 50001, message: "Error in the backend" }, { status: 500 });
  const link = uniqueName("held-up");
  await addMirror(strait, link, topic, { filters: [{ use: "translate-schemas", options: {} }] });
  const reasonOf = ({ partitions }: { partitions: readonly { topic: string; reason: string | null }[] }) =>
    partitions.find((each) => each.topic === topic)?.reason ?? "";
  const held = await strait.lagUntil(link, (lag) => reasonOf(lag).includes(west.url));
  expect(held.partitions[0]?.state).toBe("retrying");
  west.disturbance = () => null;
  await mirrored(strait, link, brokers.east, topic);
  const [copied] = [...(await readTopic(brokers.west, topic)).values()].flat();
  expect(Buffer.from(copied?.value ?? []).readUInt32BE(1)).toBe(west.versionsOf(`${topic}-value`)[0]?.id ?? -1);
});

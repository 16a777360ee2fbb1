/** A mirror behind filters: what is left is at its offset, the rest of the offsets nobody sees, and all of it is counted. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { KafkaRecord } from "../../../src/model/record.ts";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import { fetchBatches } from "../../support/raw-requests.ts";
import {
  COMPRESSIONS,
  type Compression,
  decodeHeader,
  splitBatches,
  type TestRecord,
} from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { withBroker } from "../../support/wire.ts";
import { type Strait, straitBetweenClusters, until } from "../strait.ts";
import { addMirror, counted, expectSameRecords, expectVerified, killed, logRanges, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 3;
const TOTAL = 15_000;
/** To take up as many offsets takes longer than a mapping is given to finish with when it is paused. */
const LONG_HOLE = 1_500_000;
/** Retention looks at the times of records, and brokers refuse those ahead of them by default (KIP-1030). */
const ANY_TIME = {
  "retention.ms": "-1",
  "message.timestamp.after.max.ms": String(2n ** 63n - 1n),
};
/** Drop every third record, by what is in it, and redact one field of the others. */
const FILTERS = [
  { use: "drop-records", options: { when: [{ path: "$.third", equals: true }] } },
  { use: "redact", options: { fields: [{ path: "$.customer.email", action: "replace", value: "gone" }] } },
];
const SEVENS_DROPPED = [{ use: "drop-records", options: { when: [{ path: "$.id", equals: 7 }] } }];

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

/** Spelt as no serializer would, which must stay. */
const order = (id: number, email: string) =>
  `{ "id" : ${id}.0, "third":${id % 3 === 0},"customer": {"email":${email},  "name":"né ${id}" }, "amount":1e2 }`;

const range = (from: number, count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const id = from + i;
    return {
      // Every third record of each partition is one to drop.
      partition: Math.floor(id / 3) % PARTITIONS,
      key: id % 5 === 0 ? null : `key ${id}`,
      value: id % 100 === 1 ? `no JSON of ${id}` : order(id, `"${id}@example.org"`),
      headers: [
        ["id", `${id}`],
        ["id", id % 2 === 0 ? null : ""],
      ],
      timestamp: Date.now() - 60_000 + (id % 1000),
    };
  });

/** What is to be at the destination for a record of the source. */
function filtered(record: KafkaRecord): KafkaRecord | null {
  const value = text(record.value) ?? "";
  if (!value.startsWith("{") || value.includes('"third":true')) return null;
  const id = Number(/"id" : (\d+)/.exec(value)?.[1]);
  return { ...record, value: Buffer.from(order(id, '"gone"')) };
}

/** How many offsets the partitions of the mirror have together. */
const reached = async (topic: string) =>
  [...(await logRanges(brokers.west, topic)).values()].reduce((sum, { end }) => sum + end, 0);

const allOf = (partitions: ReadonlyMap<number, readonly KafkaRecord[]>) => [...partitions.values()].flat();

test("over kills, what filters leave crosses once, what they fail on is set aside, and the counts are exact", async () => {
  const topic = await createTopic(brokers.east, "mirror-filtered", { partitions: PARTITIONS });
  const link = uniqueName("filtered");
  for (const [i, compression] of COMPRESSIONS.entries()) {
    const records = range((i * TOTAL) / COMPRESSIONS.length, TOTAL / COMPRESSIONS.length);
    await produce(brokers.east, topic, records, { compression, batchRecords: 300, idempotent: true });
  }
  await addMirror(strait, link, topic, { filters: FILTERS, onFailure: "quarantine" });
  for (const part of [0, 0.2, 0.4, 0.6, 0.8]) {
    await until(
      () => reached(topic),
      (offsets) => offsets > part * TOTAL,
      60_000,
      `${part} of the mirror`,
    );
    await killed(strait, link);
  }
  await mirrored(strait, link, brokers.east, topic);
  const crossed = await expectSameRecords(brokers, topic, { transform: filtered });
  await expectVerified(strait, link);

  const failing = allOf(await readTopic(brokers.east, topic)).filter(({ value }) => text(value)?.startsWith("no JSON"));
  expect(failing).toHaveLength(TOTAL / 100);
  expect(await counted(strait, link, TOTAL)).toEqual({
    read: TOTAL,
    kept: 0,
    replaced: crossed,
    changed: { redact: { "$.customer.email": crossed } },
    dropped: { "drop-records": TOTAL - crossed - failing.length },
    monitored: {},
    quarantined: failing.length,
    expired: 0,
  });

  const aside = allOf(await readTopic(brokers.east, `${topic}.strait-quarantine`));
  const described = ({ partition, offset, timestamp, key, value, headers }: KafkaRecord) => {
    const facts = { link, mapping: "mirrored", filter: "drop-records", partition: `${partition}`, offset: `${offset}` };
    return { partition, timestamp, key: text(key), value: text(value), headers: headersOf(headers), facts };
  };
  const found = aside.map(({ partition, timestamp, key, value, headers }) => {
    const strait = headersOf(headers).filter(([name]) => name?.startsWith("strait."));
    const { error, ...facts } = Object.fromEntries(strait.map(([name = "", fact]) => [name?.slice(7), fact]));
    expect(error).toContain("JSON");
    const own = headersOf(headers).filter(([name]) => !name?.startsWith("strait."));
    return { partition, timestamp, key: text(key), value: text(value), headers: own, facts };
  });
  // One that a crash came between is set aside again.
  const once = new Map(found.map((record) => [`${record.facts["partition"]}/${record.facts["offset"]}`, record]));
  expect([...once.values()]).toEqual(failing.map(described));
});

const headersOf = (headers: KafkaRecord["headers"]) => headers.map(({ name, value }) => [name, text(value)]);

/** How the batches of partition 0 of the mirror are compressed, those without records left out. */
async function compressions(topic: string): Promise<readonly Compression[]> {
  const { records } = await withBroker(brokers.west, (connection) =>
    fetchBatches.async(connection, { topic, partition: 0, offset: 0, isolation: 0 }),
  );
  return splitBatches(records)
    .map(decodeHeader)
    .filter(({ control }) => !control)
    .map(({ compression }) => compression);
}

const REDACTED = { filters: FILTERS.slice(1) };

test.each(COMPRESSIONS)("what is packed anew is compressed as it was: %s", async (compression) => {
  const topic = await createTopic(brokers.east, "mirror-compressed");
  const link = uniqueName("compressed");
  const records = range(2, 5000).map((record) => ({ ...record, partition: 0, value: order(3, '"a@example.org"') }));
  await produce(brokers.east, topic, records, { compression, batchRecords: 500 });
  await addMirror(strait, link, topic, REDACTED);
  await mirrored(strait, link, brokers.east, topic);
  expect(await compressions(topic)).toEqual(new Array(10).fill(compression));
  await expectVerified(strait, link);
});

test("where nothing may cross the offsets go on all the same", async () => {
  const topic = await createTopic(brokers.east, "mirror-nothing", { partitions: PARTITIONS });
  const link = uniqueName("nothing");
  await addMirror(strait, link, topic, { filters: SEVENS_DROPPED });
  const records = Array.from(
    { length: 3000 },
    (_, i): TestRecord => ({ partition: i % PARTITIONS, value: '{"id":7}' }),
  );
  for (let round = 0; round < 5; round++) {
    await produce(brokers.east, topic, records, { compression: "lz4", batchRecords: 100 });
    await mirrored(strait, link, brokers.east, topic);
    await killed(strait, link);
  }
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic, { transform: () => null })).toBe(0);
  expect([...(await logRanges(brokers.west, topic)).values()].map(({ end }) => end)).toEqual([5000, 5000, 5000]);
  await expectVerified(strait, link);
  expect(await counted(strait, link, 15_000)).toMatchObject({ kept: 0, dropped: { "drop-records": 15_000 } });
});

test("a mapping that is paused in a long hole stops there, and goes on when it is resumed", async () => {
  const topic = await createTopic(brokers.east, "mirror-paused-hole", {
    configs: { "max.message.bytes": String(10 << 20) },
  });
  const link = uniqueName("hole");
  const hole = new Array<TestRecord>(LONG_HOLE).fill({ value: '{"id":7}' });
  await produce(brokers.east, topic, hole, { compression: "zstd", batchRecords: LONG_HOLE });
  await produce(brokers.east, topic, [{ value: '{"id":8}' }]);
  await addMirror(strait, link, topic, { filters: SEVENS_DROPPED });
  await strait.lagUntil(link, ({ partitions }) => partitions[0]?.reason?.startsWith("taking up offsets") === true);
  await strait.send("PATCH", `/links/${link}/mappings/mirrored`, { paused: true });
  await strait.lagUntil(link, ({ partitions }) => partitions[0]?.state === "paused");
  const end = async () => (await logRanges(brokers.west, topic)).get(0)?.end ?? 0;
  const paused = await end();
  expect(paused).toBeLessThan(LONG_HOLE);
  // What one request takes up may have been under way.
  for (let look = 0; look < 20; look++) expect(await end()).toBeLessThanOrEqual(paused + 5000);
  expect((await strait.lag(link)).partitions[0]?.reason).toBeNull();
  await strait.send("PATCH", `/links/${link}/mappings/mirrored`, { paused: false });
  await mirrored(strait, link, brokers.east, topic);
  expect(allOf(await readTopic(brokers.west, topic)).map(({ offset }) => offset)).toEqual([LONG_HOLE]);
  await expectVerified(strait, link);
});

test.each(["CreateTime", "LogAppendTime"])("keys, headers and times of a changed record stay (%s)", async (type) => {
  const configs = { ...ANY_TIME, "message.timestamp.type": type };
  const topic = await createTopic(brokers.east, "mirror-changed", { configs });
  const link = uniqueName("changed");
  await addMirror(strait, link, topic, { filters: [{ use: "./filters/picky.ts" }] });
  const times = [-1, 0, Date.UTC(1974, 3, 1), Date.now(), Date.UTC(2046, 1, 1)];
  const records = times.flatMap((timestamp) =>
    [null, "", "key", Buffer.from([0xff, 0x00])].flatMap((key) =>
      [null, "", "value"].map(
        (value): TestRecord => ({
          key,
          value,
          timestamp,
          headers: [
            ["trace", null],
            ["trace", ""],
            ["ключ", Buffer.from([0xff])],
          ],
        }),
      ),
    ),
  );
  for (const batchRecords of [1, 7, records.length]) {
    for (const compression of COMPRESSIONS) await produce(brokers.east, topic, records, { compression, batchRecords });
  }
  await mirrored(strait, link, brokers.east, topic);
  const seen = (record: KafkaRecord) =>
    record.value === null ? record : { ...record, value: Buffer.from(`${text(record.value)}, seen`) };
  expect(await expectSameRecords(brokers, topic, { transform: seen })).toBe(15 * records.length);
  await expectVerified(strait, link);
});

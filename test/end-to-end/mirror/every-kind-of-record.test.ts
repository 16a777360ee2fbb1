/** A mirror of all that brokers take: every compression, producer, size, time and emptiness of a record. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { type ProduceOptions, produce } from "../../support/produce.ts";
import { COMPRESSIONS, type TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 4;
/** Retention looks at the times of records, and brokers refuse those ahead of them by default (KIP-1030). */
const ANY_TIME = {
  "retention.ms": "-1",
  "message.timestamp.before.max.ms": String(2n ** 63n - 1n),
  "message.timestamp.after.max.ms": String(2n ** 63n - 1n),
};
const LARGE = { "max.message.bytes": String(10 << 20) };

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

/** Mirrors a topic that is complete, and proves it. Returns how many records it has. */
async function expectMirror(topic: string): Promise<number> {
  const link = uniqueName("records");
  await addMirror(strait, link, topic);
  await mirrored(strait, link, brokers.east, topic);
  const records = await expectSameRecords(brokers, topic);
  await expectVerified(strait, link);
  expect(await strait.evidence(link)).toMatchObject({ read: records, kept: records, replaced: 0 });
  return records;
}

/** Every compression, by idempotent producers and by plain ones. */
const WRITERS: readonly ProduceOptions[] = COMPRESSIONS.flatMap((compression) => [
  { compression, idempotent: false },
  { compression, idempotent: true },
]);
const BATCH_RECORDS = [1, 13, 500, 2000];

const NOW = Date.now();
/** None, the first moment, the seventies, before and after KIP-32, now, and in twenty years. */
const TIMES = [-1, 0, 86_400_000, Date.UTC(1974, 3, 1), Date.UTC(2001, 8, 9), NOW, NOW + 3_600_000 * 24 * 7305];
const KEYS = [null, "", "key", "ключ", Buffer.from([0xff, 0x00, 0xc3])] as const;
const HEADERS: readonly TestRecord["headers"][] = [
  [],
  [["trace", "1"]],
  [
    ["trace", "1"],
    ["trace", null],
    ["other", ""],
    ["trace", Buffer.from([0xff, 0xfe])],
  ],
  [["", null]],
];

function recordOf(id: number): TestRecord {
  const value = id % 11 === 0 ? null : id % 7 === 0 ? "" : `{"id":${id},"text":"${"lorem ipsum ".repeat(id % 9)}"}`;
  return {
    partition: id % PARTITIONS,
    key: KEYS[id % KEYS.length] ?? null,
    value,
    headers: HEADERS[id % 13] ?? [],
    timestamp: NOW - (id % 1000),
  };
}

test("300,000 records of every compression, of plain and idempotent producers, are at their offsets", async () => {
  const topic = await createTopic(brokers.east, "mirror-kinds", { partitions: PARTITIONS });
  const records = Array.from({ length: 10_000 }, (_, id) => recordOf(id));
  for (let round = 0; round < 30; round++) {
    const batchRecords = round < WRITERS.length ? (BATCH_RECORDS[round % 4] ?? 1) : 500;
    await produce(brokers.east, topic, records, { ...WRITERS[round % WRITERS.length], batchRecords });
  }
  expect(await expectMirror(topic)).toBe(300_000);
});

test.each(COMPRESSIONS)("records of 8 MB cross between small ones: %s", async (compression) => {
  const topic = await createTopic(brokers.east, "mirror-large", { partitions: 2, configs: LARGE });
  const large = crypto.getRandomValues(Buffer.alloc(8 << 20).subarray(0, 65_536));
  const value = Buffer.concat(Array.from({ length: 128 }, () => large));
  for (const idempotent of [false, true]) {
    const records: TestRecord[] = [{ value: "small" }, { key: "large", value }, { value: "small" }];
    const both = [0, 1].flatMap((partition) => records.map((record) => ({ ...record, partition })));
    await produce(brokers.east, topic, both, { compression, idempotent });
  }
  expect(await expectMirror(topic)).toBe(12);
});

test("times of any age and of the future stay, alone and mixed in a batch", async () => {
  const topic = await createTopic(brokers.east, "mirror-times", { configs: ANY_TIME });
  const mixed = TIMES.flatMap((first) => TIMES.map((second) => [first, second])).flat();
  const records = mixed.map((timestamp, i): TestRecord => ({ value: `${i}`, timestamp }));
  for (const batchRecords of [1, 2, mixed.length]) {
    for (const compression of ["none", "zstd"] as const) {
      await produce(brokers.east, topic, records, { compression, batchRecords });
    }
  }
  expect(await expectMirror(topic)).toBe(6 * mixed.length);
});

test.each(COMPRESSIONS)(
  "readers see the times at which the source's brokers took the records: %s",
  async (compression) => {
    const configs = { ...ANY_TIME, "message.timestamp.type": "LogAppendTime" };
    const topic = await createTopic(brokers.east, "mirror-append-time", { configs });
    const records = TIMES.map((timestamp): TestRecord => ({ key: "key", value: `at ${timestamp}`, timestamp }));
    for (let i = 0; i < 20; i++) {
      await produce(brokers.east, topic, records, { compression, batchRecords: 1 + (i % 3), idempotent: i % 2 === 0 });
    }
    expect(await expectMirror(topic)).toBe(20 * TIMES.length);
  },
);

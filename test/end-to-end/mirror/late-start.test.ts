/** Mirrors whose first offset is not 0: what is before it is taken up first and is not to be seen. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { emptyBatch } from "../../../src/wire/empty-batch.ts";
import { clientOf, type DisposableClient } from "../../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../../support/clusters.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import { produceBatch } from "../../support/raw-requests.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { leaders, withAddress } from "../../support/wire.ts";
import { Strait, until } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, killed, logRanges, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS * 2);

const MILLION = 1_000_000;
/** From the mapping to the first record, however late it is. */
const FIRST_RECORD_MS = 30_000;

let brokers: TestClusters;
let east: DisposableClient;
let west: DisposableClient;
let strait: Strait;
beforeAll(async () => {
  brokers = await clusters();
  east = clientOf(brokers.east.bootstrap);
  west = clientOf(brokers.west.bootstrap);
  strait = await Strait.start();
  await strait.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
});
afterAll(() => Promise.all([strait.close(), east.close(), west.close()]));

const range = (name: string, count: number, partition = 0) =>
  Array.from({ length: count }, (_, i): TestRecord => ({ partition, key: `${name} ${i}`, value: `${name} ${i}` }));

/** A topic whose partition 0 begins at `start`. */
async function createLate(start: number, partitions = 1): Promise<string> {
  const topic = await createTopic(brokers.east, "mirror-late", { partitions });
  const full = emptyBatch(Math.min(start, MILLION), Date.now()).bytes;
  for (const [address, led] of await leaders(brokers.east, topic)) {
    if (!led.includes(0)) continue;
    await withAddress(address, async (connection) => {
      for (let end = 0; end < start; end += MILLION) {
        const { errorCode } = await produceBatch.async(connection, topic, 0, full, null);
        expect(errorCode).toBe(0);
      }
    });
  }
  await east.deleteRecords(topic, 0, start);
  return topic;
}

/** The range of partition 0 of the mirror once it is behind `offset`. */
async function firstRecord(topic: string, offset: number) {
  const range = async () => (await logRanges(brokers.west, topic)).get(0) ?? { start: 0, end: 0 };
  return await until(range, ({ end }) => end > offset, FIRST_RECORD_MS, `the first record of ${topic}`);
}

test("a mirror of a source that begins at 40,000,000 has its first record within 30 seconds", async () => {
  const topic = await createLate(40 * MILLION);
  await produce(brokers.east, topic, range("first", 1000), { compression: "zstd" });
  const link = uniqueName("late");
  await addMirror(strait, link, topic);
  expect(await firstRecord(topic, 40 * MILLION)).toEqual({ start: 40 * MILLION, end: 40 * MILLION + 1000 });
  await produce(brokers.east, topic, range("later", 1000));
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(2000);
  await expectVerified(strait, link);
});

test("a compacted source that begins late has a compacted mirror in the end", async () => {
  const topic = await createLate(3 * MILLION);
  const configs = { "cleanup.policy": "compact", "retention.ms": "3600000" };
  await east.alterTopicConfigs(topic, new Map(Object.entries(configs)));
  await produce(brokers.east, topic, range("first", 1000), { compression: "zstd" });
  const link = uniqueName("late");
  await addMirror(strait, link, topic);
  expect(await firstRecord(topic, 3 * MILLION)).toEqual({ start: 3 * MILLION, end: 3 * MILLION + 1000 });
  const settings = await until(
    () => west.topicConfigs(topic),
    (found) => found.get("cleanup.policy")?.value === "compact",
    30_000,
    `the policy of ${topic}`,
  );
  expect(settings.get("retention.ms")?.value).toBe("3600000");
  await produce(brokers.east, topic, range("later", 1000));
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(2000);
  await expectVerified(strait, link);
});

test("a runner that is killed while it takes up the offsets before the start is followed by one that goes on", async () => {
  const topic = await createLate(20 * MILLION);
  await produce(brokers.east, topic, range("first", 1000), { compression: "zstd" });
  const link = uniqueName("late");
  await addMirror(strait, link, topic);
  for (const reached of [1, 4, 8]) {
    await firstRecord(topic, reached * MILLION);
    await killed(strait, link);
    const { end } = (await logRanges(brokers.west, topic)).get(0) ?? { end: 0 };
    expect(end).toBeLessThan(20 * MILLION);
  }
  await mirrored(strait, link, brokers.east, topic);
  expect((await logRanges(brokers.west, topic)).get(0)).toEqual({ start: 20 * MILLION, end: 20 * MILLION + 1000 });
  expect(await expectSameRecords(brokers, topic)).toBe(1000);
  await expectVerified(strait, link);
});

test("a start that is only a little late is taken up as any hole, which is deleted where trim is on", async () => {
  const topic = await createLate(1000);
  await produce(brokers.east, topic, range("first", 1000), { compression: "lz4" });
  const link = uniqueName("late");
  await addMirror(strait, link, topic, { trim: true });
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(1000);
  await expectVerified(strait, link);
  await until(
    async () => (await logRanges(brokers.west, topic)).get(0)?.start,
    (start) => start === 1000,
    30_000,
    `the start of ${topic}`,
  );
});

test.each([1000, 2 * MILLION])("with start latest what was there before does not cross: %p", async (before) => {
  const topic = await createLate(before);
  await produce(brokers.east, topic, range("before", 1000));
  const link = uniqueName("latest");
  await addMirror(strait, link, topic, { start: "latest" });
  await strait.lagUntil(link, ({ partitions }) => partitions[0]?.nextOffset === before + 1000);
  await killed(strait, link);
  await produce(brokers.east, topic, range("after", 1000));
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic, { from: before + 1000 })).toBe(1000);
  expect([...(await readTopic(brokers.west, topic)).values()].flat()).toHaveLength(1000);
  await expectVerified(strait, link);
});

/** What belongs to a topic beside its records: partitions, settings, the size of records and the start of the log follow. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { clientOf, type DisposableClient } from "../../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createNamedTopic, createTopic } from "../../support/topics.ts";
import { Strait, until } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, logRanges, mirrored } from "./mirror-case.ts";
import { configure, deleteRecords, partitionUntil, pause, resume } from "./operator-actions.ts";

setDefaultTimeout(BROKER_TEST_MS);

/** How soon a change at the source is to be seen at the mirror. */
const FOLLOWED_MS = 30_000;

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

const numbered = (count: number, partitions: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({ partition: i % partitions, key: `k${i}`, value: `value ${i}` }));

async function mirroredTopic(partitions: number, mapping: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const topic = await createTopic(brokers.east, "followed", { partitions });
  await produce(brokers.east, topic, numbered(100, partitions));
  await addMirror(strait, topic, topic, mapping);
  await mirrored(strait, topic, brokers.east, topic);
  return topic;
}

test("new partitions and changed settings of the source are at the mirror soon, and its records", async () => {
  const topic = await mirroredTopic(1);
  const changed = { "retention.ms": "123456789", "cleanup.policy": "compact,delete" };
  await configure(brokers.east, topic, changed);
  await east.createPartitions(topic, 3);
  await produce(brokers.east, topic, numbered(100, 3));
  await mirrored(strait, topic, brokers.east, topic, FOLLOWED_MS);
  await until(
    async () => {
      const settings = await west.topicConfigs(topic);
      return Object.keys(changed).map((name) => settings.get(name)?.value);
    },
    (values) => values.join() === Object.values(changed).join(),
    FOLLOWED_MS,
    `the settings of ${topic}`,
  );
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
});

test("a mirror that has more partitions than its source is left alone, with a remedy", async () => {
  const topic = await createTopic(brokers.east, "wide");
  await produce(brokers.east, topic, numbered(10, 1));
  await createNamedTopic(brokers.west, topic, { partitions: 2 });
  await addMirror(strait, topic, topic);
  const { reason } = await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "failed");
  expect(reason).toContain(`topic ${topic} has 2 partitions at the destination, its source ${topic} has 1`);
  expect(reason).toContain('delete it, name another destination topic, or use mode "append"');
  expect([...(await logRanges(brokers.west, topic)).values()]).toEqual([
    { start: 0, end: 0 },
    { start: 0, end: 0 },
  ]);
});

/** More than brokers take by default. */
const LARGE: TestRecord = { value: new Uint8Array(2 << 20).fill(97) };
const ENOUGH = String(3 << 20);

test("records larger than before cross by themselves when the source begins to allow them", async () => {
  const topic = await mirroredTopic(1);
  await configure(brokers.east, topic, { "max.message.bytes": ENOUGH });
  await produce(brokers.east, topic, [LARGE, { value: "after" }]);
  await mirrored(strait, topic, brokers.east, topic, FOLLOWED_MS);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
});

test("a record larger than the mirror takes stops its partition, until an operator allows it", async () => {
  const topic = await createTopic(brokers.east, "large", { partitions: 2, configs: { "max.message.bytes": ENOUGH } });
  await produce(brokers.east, topic, [
    { value: "before" },
    LARGE,
    { value: "after" },
    { partition: 1, value: "other" },
  ]);
  // The source does not allow it any more, so its mirror is not made to.
  await configure(brokers.east, topic, { "max.message.bytes": null });
  await addMirror(strait, topic, topic);
  const { reason } = await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "failed");
  expect(reason).toContain("the record at offset 1");
  expect(reason).toContain("raise its max.message.bytes, then pause and resume the mapping");
  await partitionUntil(strait, topic, topic, 1, ({ nextOffset }) => nextOffset === 1);

  await configure(brokers.west, topic, { "max.message.bytes": ENOUGH });
  await pause(strait, topic, topic);
  await resume(strait, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
});

test("with trim the mirror's log begins where its source's does", async () => {
  const topic = await mirroredTopic(2, { trim: true });
  await deleteRecords(brokers.east, topic, 1, 30);
  await until(
    () => logRanges(brokers.west, topic),
    (ranges) => ranges.get(1)?.start === 30,
    FOLLOWED_MS,
    `the start of ${topic}/1`,
  );
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
});

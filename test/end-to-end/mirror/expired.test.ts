/** Records that the source deletes before they are copied, or after they were: a loss is said and counted, never hidden. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { groupOf } from "../../../src/model/progress.ts";
import { clientOf } from "../../support/cluster-client.ts";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";
import { deleteRecords, partitionUntil, pause, resume } from "./operator-actions.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
const numbered = (count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({ partition: i % PARTITIONS, value: `value ${i}` }));

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

/** A topic of which partition 0 is copied to offset 100, ends at 300 and begins at 250. Its mapping is paused. */
async function expiredTopic(mapping: Readonly<Record<string, unknown>>): Promise<string> {
  const topic = await createTopic(brokers.east, "expired", { partitions: PARTITIONS });
  await produce(brokers.east, topic, numbered(200));
  await addMirror(strait, topic, topic, mapping);
  await mirrored(strait, topic, brokers.east, topic);
  await pause(strait, topic, topic);
  await produce(brokers.east, topic, numbered(400));
  await deleteRecords(brokers.east, topic, 0, 250);
  return topic;
}

test("onExpired stop: the partition fails with the count and the remedy, the others go on", async () => {
  const topic = await expiredTopic({ onExpired: "stop" });
  await resume(strait, topic);
  const { reason } = await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "failed");
  expect(reason).toContain("150 offsets expired before they were copied");
  expect(reason).toContain('set onExpired to "continue"');
  await partitionUntil(strait, topic, topic, 1, ({ nextOffset, state }) => state === "running" && nextOffset === 300);

  await strait.send("PATCH", `/links/${topic}/mappings/mirrored`, { onExpired: "continue" });
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic, { from: 250 });
});

test("onExpired continue: it goes on with a hole that the evidence counts", async () => {
  const topic = await expiredTopic({ onExpired: "continue" });
  await resume(strait, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic, { from: 250 });
  expect(await strait.evidence(topic)).toMatchObject({ read: 450, kept: 450, expired: 150 });
  await expectVerified(strait, topic);
});

test("what expires at the source after it was copied is no loss, also where a crash kept it from being counted", async () => {
  const topic = await createTopic(brokers.east, "expired", { partitions: PARTITIONS });
  await produce(brokers.east, topic, numbered(200));
  await addMirror(strait, topic, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await pause(strait, topic, topic);
  // As a crash leaves it: everything is there, and what was noted of it is older.
  await using west = clientOf(brokers.west.bootstrap);
  const group = groupOf(topic);
  const noted = (await west.committedOffsets(group, new Map([[topic, [0]]]))).get(topic)?.get(0);
  const metadata = noted?.metadata ?? "";
  await west.commitOffsets(group, [{ topic, partition: 0, offset: 40, metadata }]);
  await produce(brokers.east, topic, numbered(200));
  await deleteRecords(brokers.east, topic, 0, 90);
  await resume(strait, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic, { from: 90 });
  await expectVerified(strait, topic);
});

/** The source topic is deleted and made anew: nothing of the new one crosses until an operator has the mirror made anew. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { KafkaRecord } from "../../../src/model/record.ts";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createNamedTopic, createTopic } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";
import { copyAnew, deleteTopic, pause, restartRunner, resume } from "./operator-actions.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

/** The last partition of the first topic has no records. */
const PARTITIONS = 3;
const USED = 2;
const numbered = (name: string, count: number, partitions: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({ partition: i % partitions, value: `${name} ${i}` }));

const text = new TextDecoder();
const valuesOf = (records: ReadonlyMap<number, readonly KafkaRecord[]>) =>
  [...records.values()].flat().map(({ value }) => text.decode(value ?? new Uint8Array()));

const FIRST = 200;
test.each([
  ["shorter than what was copied", "running", 40, PARTITIONS],
  ["longer than what was copied", "running", 600, PARTITIONS],
  ["with more partitions", "running", 600, PARTITIONS + 2],
  ["shorter than what was copied", "paused", 40, PARTITIONS],
  ["longer than what was copied", "paused", 600, PARTITIONS],
])("a new topic %s is seen and said, while the mapping is %s", async (_, state, count, partitions) => {
  const topic = await createTopic(brokers.east, "anew", { partitions: PARTITIONS });
  await produce(brokers.east, topic, numbered("first", FIRST, USED));
  await addMirror(strait, topic, topic);
  await mirrored(strait, topic, brokers.east, topic);
  if (state === "paused") await pause(strait, topic, topic);
  await deleteTopic(brokers.east, topic);
  await createNamedTopic(brokers.east, topic, { partitions });
  await produce(brokers.east, topic, numbered("second", count, partitions));
  if (state === "paused") await resume(strait, topic);

  const isFailed = ({ partitions: all }: { partitions: readonly { state: string; reason: string | null }[] }) =>
    all.length === partitions && all.every((each) => each.state === "failed");
  const { partitions: failed } = await strait.lagUntil(topic, isFailed);
  for (const { reason } of failed) {
    expect(reason).toContain(`topic ${topic} was deleted and created anew`);
    expect(reason).toContain(`pause the mapping, delete topic ${topic} at the destination and resume`);
  }
  await restartRunner(strait, topic);
  await strait.lagUntil(topic, isFailed);
  const copied = await readTopic(brokers.west, topic);
  expect(copied.size).toBe(PARTITIONS);
  expect(valuesOf(copied).toSorted()).toEqual(
    numbered("first", FIRST, USED)
      .map(({ value }) => value as string)
      .toSorted(),
  );

  await copyAnew(strait, topic, brokers.west, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
  await strait.send("DELETE", `/links/${topic}`);
});

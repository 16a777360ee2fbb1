import { expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

test("a topic gets as many partitions as are asked for, and they can be written to at once", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "grows", { partitions: 2 });
  await client.createPartitions(topic, 5);
  const offsets = await produce(east, topic, [{ partition: 4, value: "a" }]);
  expect([await client.partitionCount(topic), offsets]).toEqual([5, [0]]);
});

test("of two that raise a topic at the same time both succeed", async () => {
  const { east } = await clusters();
  await using one = clientOf(east.bootstrap);
  await using other = clientOf(east.bootstrap);
  const topic = await createTopic(east, "grows");
  await Promise.all([one.createPartitions(topic, 4), other.createPartitions(topic, 4)]);
  expect(await one.partitionCount(topic)).toBe(4);
});

test("a topic that has more keeps them", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "grows", { partitions: 3 });
  await client.createPartitions(topic, 2);
  expect(await client.partitionCount(topic)).toBe(3);
});

test("a topic that is missing is named", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap, {}, { requestTimeoutMs: 1000 });
  const topic = uniqueName("missing");
  expect(await failureOf(client.createPartitions(topic, 2))).toMatchObject({ code: "unknown-topic", facts: { topic } });
});

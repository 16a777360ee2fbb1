/** Clusters of a mirror that are restarted, killed or frozen: it says what it waits for, goes on by itself and ends equal. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { type KafkaCluster, startKafka } from "../../../support/kafka/start-kafka.ts";
import { createTopic } from "../../../support/topics.ts";
import { Strait } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "../mirror-case.ts";
import { partitionUntil } from "../operator-actions.ts";
import { startTraffic, trafficRound } from "../traffic.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 3;
/** The outage itself is what is tested: longer than requests wait for answers. */
const FROZEN_MS = 30_000;

// Brokers of their own: these tests stop them.
let brokers: { readonly east: KafkaCluster; readonly west: KafkaCluster };
let strait: Strait;
beforeAll(async () => {
  const [east, west] = await Promise.all([startKafka(), startKafka()]);
  brokers = { east, west };
  strait = await Strait.start();
  await strait.addClusters(east.bootstrap, west.bootstrap);
});
afterAll(async () => {
  await strait.close();
  await Promise.all([brokers.east.close(), brokers.west.close()]);
});

/** A topic that is being mirrored. */
async function mirroredTopic(): Promise<string> {
  const topic = await createTopic(brokers.east, "outage", { partitions: PARTITIONS });
  await trafficRound(brokers.east, topic, 0, { partitions: PARTITIONS, records: 600 });
  await addMirror(strait, topic, topic);
  await partitionUntil(strait, topic, topic, 0, ({ nextOffset }) => (nextOffset ?? 0) > 0);
  return topic;
}

/** What a link says while a cluster is away; it never counts as failed. */
async function expectWaiting(link: string, cluster: string): Promise<void> {
  const { state, reason } = await strait.linkUntil(link, (answer) => answer.reason?.includes(cluster) === true);
  expect(reason).toContain(`waiting for ${cluster}`);
  expect(state).not.toBe("failed");
}

async function expectEqualInTheEnd(topic: string): Promise<void> {
  await mirrored(strait, topic, brokers.east, topic);
  const { reason } = await strait.linkUntil(topic, ({ state }) => state === "running");
  expect(reason).toBeNull();
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
  await strait.send("DELETE", `/links/${topic}`);
}

test.each([
  ["shut down", "stop"],
  ["killed", "kill"],
] as const)("the destination is %s and started again while records come", async (_, end) => {
  const topic = await mirroredTopic();
  const traffic = startTraffic(brokers.east, topic, { partitions: PARTITIONS });
  await brokers.west.control[end]();
  await expectWaiting(topic, "destination cluster west");
  await brokers.west.control.start();
  await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "running");
  await traffic.stop();
  await expectEqualInTheEnd(topic);
});

test.each([
  ["shut down", "stop"],
  ["killed", "kill"],
] as const)("the source is %s in the middle of being copied, and started again", async (_, end) => {
  const topic = await mirroredTopic();
  for (let round = 0; round < 10; round++) await trafficRound(brokers.east, topic, round, { partitions: PARTITIONS });
  await brokers.east.control[end]();
  await expectWaiting(topic, "source cluster east");
  await brokers.east.control.start();
  for (let round = 0; round < 3; round++) await trafficRound(brokers.east, topic, round, { partitions: PARTITIONS });
  await expectEqualInTheEnd(topic);
});

test.each([
  ["west", "destination cluster west"],
  ["east", "source cluster east"],
] as const)("%s is frozen for half a minute while records come", async (frozen, name) => {
  const topic = await mirroredTopic();
  const traffic = startTraffic(brokers.east, topic, { partitions: PARTITIONS });
  await Bun.sleep(200); // somewhere in the middle
  await brokers[frozen].control.freeze();
  try {
    const since = Date.now();
    await expectWaiting(topic, name);
    await Bun.sleep(FROZEN_MS - (Date.now() - since));
  } finally {
    brokers[frozen].control.thaw();
  }
  await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "running");
  await traffic.stop();
  await expectEqualInTheEnd(topic);
});

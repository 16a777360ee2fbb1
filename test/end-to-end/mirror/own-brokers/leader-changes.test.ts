/** Clusters of three brokers whose leaders are killed, shut down and frozen while a mirror is copied: it ends equal. */

import { afterAll, afterEach, beforeAll, beforeEach, setDefaultTimeout, test } from "bun:test";
import { logEnd } from "../../../../src/wire/log-end.ts";
import { leaderEnd } from "../../../../src/wire/log-state.ts";
import { PartitionLeaders } from "../../../../src/wire/partition-leaders.ts";
import { brokerAccess } from "../../../support/broker-access.ts";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { type KafkaCluster, startKafka } from "../../../support/kafka/start-kafka.ts";
import { type KafkaTrio, startKafkaTrio } from "../../../support/kafka/start-kafka-trio.ts";
import { produce } from "../../../support/produce.ts";
import type { TestCluster } from "../../../support/test-cluster.ts";
import { createTopic } from "../../../support/topics.ts";
import { leaders } from "../../../support/wire.ts";
import { Strait, until } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "../mirror-case.ts";
import { partitionUntil } from "../operator-actions.ts";
import { startTraffic, trafficRound } from "../traffic.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 6;

interface Brokers {
  readonly east: TestCluster;
  readonly west: TestCluster;
}

// Brokers of their own: these tests stop them.
let single: KafkaCluster;
let trio: KafkaTrio;
let strait: Strait;
beforeAll(async () => {
  [single, trio] = await Promise.all([startKafka(), startKafkaTrio()]);
});
afterAll(() => Promise.all([single.close(), trio.close()]));
beforeEach(async () => {
  strait = await Strait.start();
});
afterEach(() => strait.close());

/** A topic that is being mirrored. */
async function mirroredTopic({ east, west }: Brokers): Promise<string> {
  await strait.addClusters(east.bootstrap, west.bootstrap);
  const topic = await createTopic(east, "led", { partitions: PARTITIONS });
  await trafficRound(east, topic, 0, { partitions: PARTITIONS, records: 6000 });
  await addMirror(strait, topic, topic);
  await partitionUntil(strait, topic, topic, 0, ({ nextOffset }) => (nextOffset ?? 0) > 0);
  return topic;
}

/** Writes a record to each partition and waits until they are copied, by whoever leads now. */
async function goesOn(topic: string): Promise<void> {
  const records = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: "after that" }));
  const offsets = await produce(single, topic, records);
  await strait.lagUntil(
    topic,
    ({ partitions }) =>
      partitions.length === PARTITIONS &&
      partitions.every(({ partition, nextOffset }) => (nextOffset ?? 0) > (offsets[partition] ?? 0)),
  );
}

/** Waits until all replicas of a topic are in sync: then the next broker may go. */
async function inSync(topic: string): Promise<void> {
  await until(() => trio.inSync(topic), Boolean, 60_000, `the replicas of ${topic}`);
}

async function expectEqualInTheEnd(brokers: Brokers, topic: string): Promise<void> {
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
}

test("leaders at the destination go one after the other, killed or shut down, while records come", async () => {
  const brokers = { east: single, west: trio };
  const topic = await mirroredTopic(brokers);
  const traffic = startTraffic(single, topic, { partitions: PARTITIONS });
  for (const [partition, end] of (["kill", "stop"] as const).entries()) {
    const leader = await trio.leaderOf(topic, partition);
    await leader.control[end]();
    await goesOn(topic);
    await leader.control.start();
    await inSync(topic);
  }
  await traffic.stop();
  await expectEqualInTheEnd(brokers, topic);
});

test("a leader at the destination that is frozen is replaced, and may wake up as one that leads nothing", async () => {
  const brokers = { east: single, west: trio };
  const topic = await mirroredTopic(brokers);
  const traffic = startTraffic(single, topic, { partitions: PARTITIONS });
  const leader = await trio.leaderOf(topic, 0);
  await leader.control.freeze();
  try {
    await goesOn(topic);
  } finally {
    leader.control.thaw();
  }
  await goesOn(topic);
  await inSync(topic);
  await traffic.stop();
  await expectEqualInTheEnd(brokers, topic);
});

test("what only a leader has of the mirror, and is lost with it, is written again", async () => {
  const brokers = { east: single, west: trio };
  const topic = await mirroredTopic(brokers);
  await mirrored(strait, topic, single, topic);
  const leader = await trio.leaderOf(topic, 0);
  const followers = trio.nodes.filter((node) => node !== leader);
  await using access = brokerAccess(trio);
  const { broker, epoch } = await new PartitionLeaders(access.connections).of(topic, 0);
  const connection = await access.connections.to(broker);
  await Promise.all(followers.map(({ control }) => control.freeze()));
  try {
    await produce(single, topic, [{ value: "lost once" }]);
    await until(
      async () => {
        const end = await leaderEnd(connection, { topic, partition: 0, leaderEpoch: epoch });
        return end - (await logEnd(connection, topic, 0));
      },
      (records) => records > 0,
      20_000,
      "records that the leader alone has",
    );
    await leader.control.kill();
  } finally {
    for (const { control } of followers) control.thaw();
  }
  const traffic = startTraffic(single, topic, { partitions: PARTITIONS });
  await goesOn(topic);
  await leader.control.start();
  await inSync(topic);
  await traffic.stop();
  await expectEqualInTheEnd(brokers, topic);
});

test("leaders at the source are killed one after the other in the middle of being copied", async () => {
  const brokers = { east: trio, west: single };
  const topic = await mirroredTopic(brokers);
  for (let partition = 0; partition < 2; partition++) {
    for (let round = 0; round < 5; round++) await trafficRound(trio, topic, round, { partitions: PARTITIONS });
    const leader = await trio.leaderOf(topic, partition);
    await leader.control.kill();
    const address = leader.address("PLAIN");
    await until(
      () => leaders(trio, topic).catch(() => null),
      (found) => found !== null && !found.has(address),
      30_000,
      "the other brokers to lead",
    );
    for (let round = 0; round < 3; round++) await trafficRound(trio, topic, round, { partitions: PARTITIONS });
    await mirrored(strait, topic, trio, topic);
    await leader.control.start();
    await inSync(topic);
  }
  await expectEqualInTheEnd(brokers, topic);
});

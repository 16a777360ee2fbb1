/** A runner that freezes, whose partitions another strait takes over, and that wakes up as if nothing had happened. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../../support/clusters.ts";
import { createTopic } from "../../support/topics.ts";
import { Strait, until } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";
import { startTraffic, trafficRound } from "./traffic.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 4;

let brokers: TestClusters;
const instances: Strait[] = [];
beforeAll(async () => {
  brokers = await clusters();
  // Long enough that a frozen runner is thawed by the test and not killed by its supervisor.
  for (const heartbeatTimeoutMs of [120_000, 10_000]) {
    const instance = await Strait.start({ heartbeatTimeoutMs });
    await instance.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
    instances.push(instance);
  }
});
afterAll(() => Promise.all(instances.map((instance) => instance.close())));

/** What an instance's runner says it copies. */
const partitionsOf = (instance: Strait, link: string) =>
  (instance.control.supervisor.snapshot(link)?.status?.partitions ?? []).map(({ partition }) => partition);

test("neither loses nor repeats anything of a mirror, and spoils no offset", async () => {
  const [one, other] = instances as [Strait, Strait];
  const topic = await createTopic(brokers.east, "frozen", { partitions: PARTITIONS });
  await trafficRound(brokers.east, topic, 0, { partitions: PARTITIONS, records: 4000 });
  for (const instance of instances) await addMirror(instance, topic, topic);
  const owned = async () => instances.map((instance) => partitionsOf(instance, topic));
  const isShared = (all: number[][]) => all.every(({ length }) => length > 0) && all.flat().length === PARTITIONS;
  await until(owned, isShared, 60_000, "the shared partitions");

  const traffic = startTraffic(brokers.east, topic, { partitions: PARTITIONS });
  const pid = one.control.supervisor.snapshot(topic)?.pid as number;
  // Somewhere between a request and its answer.
  await Bun.sleep(500 + Math.random() * 100);
  process.kill(pid, "SIGSTOP");
  try {
    await until(owned, ([, all]) => all?.length === PARTITIONS, 60_000, "the other instance to take over");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await until(owned, isShared, 60_000, "the partitions to be shared again");
  expect(one.control.supervisor.snapshot(topic)?.pid).toBe(pid);
  await traffic.stop();
  await mirrored(other, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(other, topic);
});

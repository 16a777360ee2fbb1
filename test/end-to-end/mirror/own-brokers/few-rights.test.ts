/** A mirror between clusters that ask who may do what: the rights it needs, and what it does without CLUSTER_ACTION. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { createTopic } from "../../../support/topics.ts";
import { type GuardedClusters, straitBetweenGuardedClusters } from "../../guarded-clusters.ts";
import type { LinkAnswer, Strait } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "../mirror-case.ts";
import { partitionUntil, pause, restartRunner, resume } from "../operator-actions.ts";
import { startTraffic, trafficRound } from "../traffic.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
/** The variable that runners find the users' password in. */
const PASSWORD = "STRAIT_TEST_FEW_RIGHTS_PASSWORD";

let brokers: GuardedClusters["brokers"];
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenGuardedClusters(PASSWORD));
});
afterAll(async () => {
  await strait.close();
  await Promise.all([brokers.east.close(), brokers.west.close()]);
});

test("with the rights it needs a transactional topic is mirrored, killed on the way, without markers", async () => {
  const { east, west } = brokers;
  await east.grant("alice", "topic", "*", ["READ", "DESCRIBE_CONFIGS"]);
  const topic = await createTopic(east, "rights", { partitions: PARTITIONS });
  for (let round = 0; round < 6; round++) await trafficRound(east, topic, round, { partitions: PARTITIONS });
  await addMirror(strait, topic, topic);
  const waits = ({ reason }: LinkAnswer) => reason?.includes("waiting for source cluster east") ?? false;
  expect((await strait.linkUntil(topic, waits)).reason).toContain(`it needs the right to READ it`);

  await east.grant("alice", "group", "strait.*", ["READ"]);
  const { reason } = await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "failed");
  expect(reason).toContain("AUTHORIZATION_FAILED");

  await west.grant("bob", "topic", "*", ["CREATE", "READ", "WRITE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"]);
  await west.grant("bob", "group", "strait.*", ["READ"]);
  await west.grant("bob", "transactionalId", "strait.*", ["WRITE"]);
  await pause(strait, topic, topic);
  await resume(strait, topic);
  const traffic = startTraffic(east, topic, { partitions: PARTITIONS });
  await partitionUntil(strait, topic, topic, 0, ({ nextOffset }) => (nextOffset ?? 0) > 60);
  await restartRunner(strait, topic);
  await traffic.stop();
  const { partitions } = await mirrored(strait, topic, east, topic);
  expect(partitions.map((each) => each.reason)).toEqual(partitions.map(() => null));
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
});

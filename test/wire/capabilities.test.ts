import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { type GuardedKafka, startGuardedKafka } from "../support/kafka/guarded-kafka.ts";

setDefaultTimeout(BROKER_TEST_MS);

/** Apache Kafka in any case: what other brokers say of markers is not what these tests are about. */
let broker: GuardedKafka;

beforeAll(async () => {
  broker = await startGuardedKafka();
  await broker.grant("bob", "cluster", "kafka-cluster", ["CLUSTER_ACTION"]);
  await broker.grant("bob", "transactionalId", "strait.*", ["WRITE", "DESCRIBE"]);
});

afterAll(() => broker.close());

describe("a client without rights", () => {
  test("cannot write markers and is told which right that takes", async () => {
    await using alice = broker.clientOf("alice");
    expect((await alice.capabilities()).markers).toEqual({
      usable: false,
      reason: "grant CLUSTER_ACTION on the cluster to write markers",
    });
  });

  test("cannot use transactions and is told which right that takes", async () => {
    await using alice = broker.clientOf("alice");
    expect((await alice.capabilities()).transactions).toEqual({
      usable: false,
      reason: 'grant WRITE and DESCRIBE on transactional ids that begin with "strait."',
    });
  });
});

describe("a client with rights", () => {
  test("can write markers, which are believed until the first hole", async () => {
    await using bob = broker.clientOf("bob");
    expect((await bob.capabilities()).markers).toEqual({
      usable: true,
      reason: "believed until the first hole, whose length the end of the log has to show",
    });
  });

  test("can use transactions, also when their ids are all it may use", async () => {
    await using bob = broker.clientOf("bob");
    expect((await bob.capabilities()).transactions).toEqual({ usable: true, reason: null });
  });
});

test("what the brokers offer is found", async () => {
  await using anyone = clientOf(broker.bootstrap);
  const { deleteRecords, topicIds, producerStates } = await anyone.capabilities();
  expect([deleteRecords.usable, topicIds.usable, producerStates.usable]).toEqual([true, true, true]);
});

test("finding out makes no topic, also not the cluster's own for transactions", async () => {
  await using anyone = clientOf(broker.bootstrap);
  const before = await anyone.topics();
  await anyone.capabilities();
  expect(await anyone.topics()).toEqual(before);
});

test("the brokers of a test run, whichever they are, are found out about", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  expect((await client.capabilities()).transactions).toEqual({ usable: true, reason: null });
});

test("a cluster that does not answer rejects", async () => {
  await using nowhere = clientOf("127.0.0.1:1", {}, { requestTimeoutMs: 500 });
  expect(await failureOf(nowhere.capabilities())).toMatchObject({ code: "cluster-unreachable", retriable: true });
});

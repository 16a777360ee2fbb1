import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

let broker: KafkaCluster;

beforeAll(async () => {
  broker = await startKafka();
});

afterAll(() => broker.close());

test("a client goes on after its broker was restarted, leaders and coordinators included", async () => {
  await using client = clientOf(broker.bootstrap, {}, { requestTimeoutMs: 60_000 });
  const [group, topic] = [uniqueName("group"), await createTopic(broker, "kept")];
  const wanted = new Map([[topic, [0]]]);
  await produce(broker, topic, [{ value: "a" }]);
  await client.commitOffsets(group, [{ topic, partition: 0, offset: 1, metadata: "m" }]);
  await client.partitionOffsets(wanted);
  await broker.control.restart();
  const answers = [await client.partitionOffsets(wanted), await client.committedOffsets(group, wanted)];
  expect(answers).toEqual([
    new Map([[topic, new Map([[0, { start: 0, end: 1 }]])]]),
    new Map([[topic, new Map([[0, { offset: 1, metadata: "m" }]])]]),
  ]);
});

test("a call made while the broker is down waits for it", async () => {
  await using client = clientOf(broker.bootstrap, {}, { requestTimeoutMs: 60_000 });
  await client.topics();
  await broker.control.kill();
  const waiting = client.topics();
  await broker.control.start();
  expect(await waiting).toBeArray();
});

test("a broker that hangs fails calls in time, and answers them again when it goes on", async () => {
  await using client = clientOf(broker.bootstrap, {}, { requestTimeoutMs: 1500 });
  await client.topics();
  await broker.control.freeze();
  const started = Date.now();
  const error = await failureOf(client.topics()).finally(() => broker.control.thaw());
  const took = Date.now() - started;
  expect({ retriable: error.retriable, inTime: took < 2500, after: (await client.topics()).length > 0 }).toEqual({
    retriable: true,
    inTime: true,
    after: true,
  });
});

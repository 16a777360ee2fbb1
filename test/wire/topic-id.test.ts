import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { deleteTopicsV4 } from "@platformatic/kafka";
import { until } from "../control/until.ts";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { createNamedTopic, createTopic, uniqueName } from "../support/topics.ts";
import { withBroker } from "../support/wire.ts";

setDefaultTimeout(BROKER_TEST_MS);

/** Apache Kafka in any case: others may give no ids. */
let broker: KafkaCluster;

beforeAll(async () => {
  broker = await startKafka();
});

afterAll(() => broker.close());

test("a topic keeps its id, and one made anew with its name has another", async () => {
  await using client = clientOf(broker.bootstrap);
  const topic = await createTopic(broker, "named");
  const first = [await client.topicId(topic), await client.topicId(topic)];
  await withBroker(broker, (connection) => deleteTopicsV4.api.async(connection, [{ name: topic }], 10_000));
  await until(`${topic} to be gone`, async () => (await client.partitionCount(topic)) === null);
  await createNamedTopic(broker, topic);
  const second = await client.topicId(topic);
  expect({ kept: first[0] === first[1], changed: first[0] !== second, form: second }).toEqual({
    kept: true,
    changed: true,
    form: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  });
});

test("a topic that is missing has none, and is not created by asking", async () => {
  await using client = clientOf(broker.bootstrap);
  const topic = uniqueName("missing");
  expect([await client.topicId(topic), await client.partitionCount(topic)]).toEqual([null, null]);
});

import { expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../control/until.ts";
import { clientOf, type DisposableClient } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const INVALID_CONFIG = 40;

/** Settings of a topic, once the broker that is asked has heard of the change. */
async function settled(client: DisposableClient, topic: string, name: string, value: string) {
  await until(`${name} to be ${value}`, async () => (await client.topicConfigs(topic)).get(name)?.value === value);
  return await client.topicConfigs(topic);
}

test("what is set on a topic is told apart from what its brokers have as default", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "settings", { configs: { "retention.ms": "123456789" } });
  const settings = await client.topicConfigs(topic);
  expect([settings.get("retention.ms"), settings.get("segment.bytes")?.own, settings.get("nonsense")]).toEqual([
    { value: "123456789", own: true },
    false,
    undefined,
  ]);
});

test("a change sets, and removes, what it names and nothing else", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const configs = { "retention.ms": "123456789", "retention.bytes": "987654321", "segment.bytes": "12345678" };
  const topic = await createTopic(east, "settings", { configs });
  const changes = new Map([
    ["retention.bytes", "987654322"],
    ["retention.ms", null],
  ]);
  await client.alterTopicConfigs(topic, changes);
  const settings = await settled(client, topic, "retention.bytes", "987654322");
  expect([settings.get("retention.ms")?.own, settings.get("segment.bytes")]).toEqual([
    false,
    { value: "12345678", own: true },
  ]);
});

test("a value that brokers refuse keeps the whole change from happening, in their words", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "settings", { configs: { "retention.ms": "123456789" } });
  const changes = new Map([
    ["retention.ms", "1"],
    ["cleanup.policy", "sometimes"],
  ]);
  const error = await failureOf(client.alterTopicConfigs(topic, changes));
  expect({ error, retention: (await client.topicConfigs(topic)).get("retention.ms")?.value }).toMatchObject({
    error: {
      code: "kafka",
      retriable: false,
      message: expect.stringContaining(`cannot change retention.ms, cleanup.policy of topic ${topic}: `),
      facts: { topic, kafkaCode: INVALID_CONFIG },
    },
    retention: "123456789",
  });
});

test("a topic that is missing has no settings and none to change", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap, {}, { requestTimeoutMs: 1000 });
  const topic = uniqueName("missing");
  const failures = [
    await failureOf(client.topicConfigs(topic)),
    await failureOf(client.alterTopicConfigs(topic, new Map([["retention.ms", "1"]]))),
  ];
  expect(failures.map(({ code, facts }) => [code, facts.topic])).toEqual([
    ["unknown-topic", topic],
    ["unknown-topic", topic],
  ]);
});

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ensureMirrorTopic } from "../../src/sync/mirror-topic.ts";
import { clientOf, type DisposableClient } from "../support/cluster-client.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { type GuardedKafka, startGuardedKafka } from "../support/kafka/guarded-kafka.ts";
import { createNamedTopic, createTopic } from "../support/topics.ts";
import { mirrorOf, settingsOnceThey } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

let broker: GuardedKafka;
/** May do everything. */
let anyone: DisposableClient;
/** May write to topics and create them, and ask for settings, but change none. */
let alice: DisposableClient;
/** May see topics and write to them. */
let bob: DisposableClient;

beforeAll(async () => {
  broker = await startGuardedKafka();
  await broker.grant("alice", "topic", "*", ["CREATE", "DESCRIBE", "WRITE", "DESCRIBE_CONFIGS"]);
  await broker.grant("bob", "topic", "*", ["DESCRIBE", "WRITE"]);
  anyone = clientOf(broker.bootstrap);
  alice = broker.clientOf("alice");
  bob = broker.clientOf("bob");
});

afterAll(async () => {
  await Promise.all([anyone, alice, bob].map((client) => client.close()));
  await broker.close();
});

test("the right to create a topic is enough to create it with all its settings", async () => {
  const mapping = mirrorOf(await createTopic(broker, "source", { configs: { "cleanup.policy": "compact" } }));
  const { created, problem } = await ensureMirrorTopic(anyone, alice, mapping, { cutting: false });
  const own = await settingsOnceThey(anyone, mapping.destination, () => true);
  expect({ created, problem, policy: own["cleanup.policy"] }).toEqual({
    created: true,
    problem: null,
    policy: "compact",
  });
});

test("a setting that may not be changed is a problem with its remedy, and copying goes on", async () => {
  const mapping = mirrorOf(await createTopic(broker, "source", { configs: { "retention.ms": "86400000" } }));
  await createNamedTopic(broker, mapping.destination);
  const { partitions, problem } = await ensureMirrorTopic(anyone, alice, mapping, { cutting: false });
  expect({ partitions, problem }).toEqual({
    partitions: 1,
    problem: expect.stringMatching(/^cannot change .*retention\.ms.*; grant DESCRIBE_CONFIGS and ALTER_CONFIGS on it/),
  });
});

test("a source and a mirror whose settings may not be asked for are two problems", async () => {
  const mapping = mirrorOf(await createTopic(broker, "source"));
  await createNamedTopic(broker, mapping.destination);
  const { partitions, problem, maxMessageBytes } = await ensureMirrorTopic(bob, bob, mapping, { cutting: false });
  expect({ partitions, maxMessageBytes, problem: problem?.split("; ") }).toEqual({
    partitions: 1,
    maxMessageBytes: null,
    problem: [
      expect.stringContaining(`cannot ask for the settings of topic ${mapping.source}: `),
      "grant DESCRIBE_CONFIGS on it at the source",
      expect.stringContaining(`cannot ask for the settings of topic ${mapping.destination}: `),
      "grant DESCRIBE_CONFIGS and ALTER_CONFIGS on it at the destination",
    ],
  });
});

test("partitions that may not be added are a problem with its remedy", async () => {
  const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 3 }));
  await createNamedTopic(broker, mapping.destination);
  const { partitions, problem } = await ensureMirrorTopic(anyone, alice, mapping, { cutting: false });
  expect({ partitions, problem }).toEqual({
    partitions: 3,
    problem: expect.stringContaining("; give it 3 partitions, or grant ALTER on it at the destination"),
  });
});

test("a missing mirror that may not be created is refused with what to do about it", async () => {
  const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 2 }));
  expect(await failureOf(ensureMirrorTopic(anyone, bob, mapping, { cutting: false }))).toMatchObject({
    code: "authorization-failed",
    retriable: false,
    message: expect.stringContaining("; grant CREATE on it at the destination, or create it with 2 partitions"),
    facts: { topic: mapping.destination },
  });
});

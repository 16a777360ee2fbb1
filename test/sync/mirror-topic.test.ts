import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Mapping } from "../../src/config/resources.ts";
import { ensureMirrorTopic } from "../../src/sync/mirror-topic.ts";
import { clientOf, type DisposableClient } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { produceBatch } from "../support/raw-requests.ts";
import { encodeBatch } from "../support/record-batch.ts";
import { createNamedTopic, createTopic, uniqueName } from "../support/topics.ts";
import { withBroker } from "../support/wire.ts";
import { mirrorOf, settingsOnceThey } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const HOUR_MS = 3_600_000;
const LONGEST_LAG_MS = 24 * HOUR_MS;
const NO_LIMIT = "9223372036854775807";
const NEEDED = {
  "message.timestamp.type": "CreateTime",
  "compression.type": "producer",
  "message.timestamp.before.max.ms": NO_LIMIT,
  "message.timestamp.after.max.ms": NO_LIMIT,
};

/** Source and destination of the mappings here. Its defaults are what no mirror can live with. */
let broker: KafkaCluster;
let client: DisposableClient;

beforeAll(async () => {
  broker = await startKafka({
    properties: {
      "log.message.timestamp.type": "LogAppendTime",
      "log.message.timestamp.before.max.ms": String(HOUR_MS),
      "log.message.timestamp.after.max.ms": String(HOUR_MS),
      "compression.type": "gzip",
      "log.retention.ms": "172800000",
      // Brokers refuse a topic whose shortest lag is longer (LogConfig.validateValues).
      "log.cleaner.max.compaction.lag.ms": String(LONGEST_LAG_MS),
    },
  });
  client = clientOf(broker.bootstrap);
});

afterAll(async () => {
  await client.close();
  await broker.close();
});

const ensure = (mapping: Mapping, cutting = false) => ensureMirrorTopic(client, client, mapping, { cutting });

describe("a missing mirror", () => {
  test("is created with the source's partitions and the settings of its own, and what a mirror needs", async () => {
    const configs = { "cleanup.policy": "compact", "retention.ms": "86400000", "min.insync.replicas": "1" };
    const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 3, configs }));
    const result = await ensure(mapping);
    const own = await settingsOnceThey(client, mapping.destination, () => true);
    expect({ result, partitions: await client.partitionCount(mapping.destination), own }).toEqual({
      result: {
        partitions: 3,
        sourceId: await client.topicId(mapping.source),
        created: true,
        problem: null,
        maxMessageBytes: 1_048_588,
      },
      partitions: 3,
      own: { ...NEEDED, "cleanup.policy": "compact", "retention.ms": "86400000" },
    });
  });

  test("takes old records, future ones and compressed ones as they are", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source"));
    await ensure(mapping);
    const times = [Date.now() - 1000 * HOUR_MS, Date.now() + 1000 * HOUR_MS];
    const answers = await withBroker(broker, async (connection) => {
      const batches = times.map((timestamp) => encodeBatch([{ value: "a", timestamp }], "none", null));
      const first = await produceBatch.async(connection, mapping.destination, 0, batches[0] as Buffer, null);
      return [first, await produceBatch.async(connection, mapping.destination, 0, batches[1] as Buffer, null)];
    });
    expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  test("takes batches as large as the source does", async () => {
    const configs = { "max.message.bytes": "3000000" };
    const mapping = mirrorOf(await createTopic(broker, "source", { configs }));
    expect((await ensure(mapping)).maxMessageBytes).toBe(3_000_000);
  });

  test("of a missing source is not created, and may be later", async () => {
    const mapping = mirrorOf(uniqueName("missing"));
    const error = await failureOf(ensure(mapping));
    expect({ error, mirror: await client.partitionCount(mapping.destination) }).toMatchObject({
      error: { code: "unknown-topic", retriable: true, facts: { topic: mapping.source } },
      mirror: null,
    });
  });
});

describe("a mirror that is there", () => {
  test("is left alone when nothing changed", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source", { configs: { "retention.ms": "86400000" } }));
    await ensure(mapping);
    const before = await settingsOnceThey(client, mapping.destination, () => true);
    const again = await ensure(mapping);
    expect([again.created, await settingsOnceThey(client, mapping.destination, () => true)]).toEqual([false, before]);
  });

  test("follows what is set, changed and removed at the source", async () => {
    const configs = { "retention.ms": "86400000", "segment.bytes": "12345678" };
    const mapping = mirrorOf(await createTopic(broker, "source", { configs }));
    await ensure(mapping);
    const changes = new Map([
      ["retention.ms", "43200000"],
      ["segment.bytes", null],
      ["cleanup.policy", "compact,delete"],
    ]);
    await client.alterTopicConfigs(mapping.source, changes);
    await settingsOnceThey(client, mapping.source, (own) => own["cleanup.policy"] === "compact,delete");
    await ensure(mapping);
    const own = await settingsOnceThey(client, mapping.destination, (now) => now["retention.ms"] === "43200000");
    expect(own).toEqual({ ...NEEDED, "retention.ms": "43200000", "cleanup.policy": "compact,delete" });
  });

  test("keeps what an operator set on it and the source has no say in", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source"));
    await createNamedTopic(broker, mapping.destination, {
      configs: { "flush.messages": "77", "unclean.leader.election.enable": "true", "retention.bytes": "5" },
    });
    await ensure(mapping);
    const own = await settingsOnceThey(client, mapping.destination, (now) => now["retention.bytes"] === undefined);
    expect(own).toEqual({ ...NEEDED, "flush.messages": "77", "unclean.leader.election.enable": "true" });
  });

  test("that an operator made takes old batches as they are from then on", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source"));
    await createNamedTopic(broker, mapping.destination);
    await ensure(mapping);
    const own = await settingsOnceThey(client, mapping.destination, (now) => now["compression.type"] === "producer");
    expect(own).toEqual(NEEDED);
  });

  test("gets the partitions its source got", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 2 }));
    await ensure(mapping);
    await client.createPartitions(mapping.source, 5);
    const { partitions } = await ensure(mapping);
    expect([partitions, await client.partitionCount(mapping.destination)]).toEqual([5, 5]);
  });

  test("and has more partitions than its source is refused with what to do about it", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 2 }));
    await createNamedTopic(broker, mapping.destination, { partitions: 3 });
    const error = await failureOf(ensure(mapping));
    const sizes = `topic ${mapping.destination} has 3 partitions at the destination, its source ${mapping.source} has 2`;
    const remedy = 'a mirror has the same: delete it, name another destination topic, or use mode "append"';
    expect({ ...error, message: error.message }).toMatchObject({
      code: "partition-mismatch",
      retriable: false,
      message: `${sizes}; ${remedy}`,
    });
  });

  test("and has more partitions is not refused while its source is just getting them", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source", { partitions: 2 }));
    await createNamedTopic(broker, mapping.destination, { partitions: 3 });
    const [result] = await Promise.all([ensure(mapping), client.createPartitions(mapping.source, 3)]);
    expect(result.partitions).toBe(3);
  });
});

describe("while a prefix has to be cut", () => {
  test("a mirror keeps everything and is not compacted, and becomes as its source afterwards", async () => {
    const configs = { "cleanup.policy": "compact", "retention.bytes": "1000" };
    const mapping = mirrorOf(await createTopic(broker, "source", { configs }));
    await ensure(mapping, true);
    const during = await settingsOnceThey(client, mapping.destination, () => true);
    await ensure(mapping, false);
    const after = await settingsOnceThey(client, mapping.destination, (own) => own["cleanup.policy"] === "compact");
    expect([during, after]).toEqual([
      { ...NEEDED, "cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1" },
      { ...NEEDED, "cleanup.policy": "compact", "retention.bytes": "1000" },
    ]);
  });

  test("a mirror that is compacted already stops being so, and its records can be deleted", async () => {
    const mapping = mirrorOf(await createTopic(broker, "source", { configs: { "cleanup.policy": "compact" } }));
    await ensure(mapping, false);
    await ensure(mapping, true);
    await settingsOnceThey(client, mapping.destination, (own) => own["cleanup.policy"] === "delete");
    expect(await client.deleteRecords(mapping.destination, 0, 0)).toBe(0);
  });
});

test("a setting the brokers refuse is a problem, and keeps neither the topic nor the others back", async () => {
  const { east } = await clusters();
  await using source = clientOf(east.bootstrap);
  const configs = { "min.compaction.lag.ms": String(2 * LONGEST_LAG_MS), "retention.ms": "86400000" };
  const mapping = mirrorOf(await createTopic(east, "source", { configs }));
  const { created, problem } = await ensureMirrorTopic(source, client, mapping, { cutting: false });
  const own = await settingsOnceThey(client, mapping.destination, (now) => Object.keys(now).length === 5);
  expect({ created, problem, own }).toEqual({
    created: true,
    problem: expect.stringMatching(
      /^cannot change min\.compaction\.lag\.ms of topic .*INVALID_CONFIG.*; it stays as it is$/,
    ),
    own: { ...NEEDED, "retention.ms": "86400000" },
  });
});

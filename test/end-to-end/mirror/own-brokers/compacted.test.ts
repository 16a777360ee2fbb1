/** A mirror of a topic that a cleaner was at: what is left is at its offsets, and its own cleaner comes as well. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { KafkaRecord } from "../../../../src/model/record.ts";
import { clientOf } from "../../../support/cluster-client.ts";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { readTopicUntil } from "../../../support/consume.ts";
import { type KafkaCluster, startKafka } from "../../../support/kafka/start-kafka.ts";
import { produce } from "../../../support/produce.ts";
import { COMPRESSIONS, type TestRecord } from "../../../support/record-batch.ts";
import type { TestCluster } from "../../../support/test-cluster.ts";
import { createTopic, uniqueName } from "../../../support/topics.ts";
import { beginTransaction } from "../../../support/transaction.ts";
import { Strait } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, killed, mirrored } from "../mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
const KEYS = 200;
const HOUR_MS = 3_600_000;
const START = Date.now() - HOUR_MS;

let brokers: { readonly east: KafkaCluster; readonly west: KafkaCluster };
let strait: Strait;
beforeAll(async () => {
  const properties = { "log.cleaner.backoff.ms": "100" };
  const [east, west] = await Promise.all([startKafka({ properties }), startKafka({ properties })]);
  brokers = { east, west };
  strait = await Strait.start();
  await strait.addClusters(east.bootstrap, west.bootstrap);
});
afterAll(() => Promise.all([strait.close(), brokers.east.close(), brokers.west.close()]));

/** Creates a topic in which a record that is a second younger than the first of a segment begins a new one. */
const createCompacted = () =>
  createTopic(brokers.east, "mirror-compacted", {
    partitions: PARTITIONS,
    configs: {
      "cleanup.policy": "compact",
      "segment.ms": "1000",
      "min.cleanable.dirty.ratio": "0.001",
      "message.timestamp.after.max.ms": String(2n ** 63n - 1n),
    },
  });

/** Records of few keys, some of them tombstones; ids go on from `from`. */
const range = (from: number, count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const id = from + i;
    const key = (id * 7919) % KEYS;
    const value = id % 9 === 0 ? null : id % 10 === 0 ? "" : `value ${id}`;
    return { partition: id % PARTITIONS, key: `key ${key}`, value, headers: [["id", `${id}`]], timestamp: START };
  });

/** Writes records by all kinds of producers, and then what lets the cleaner at them: the last segment is never cleaned. */
async function write(topic: string, from: number): Promise<void> {
  for (const [i, compression] of COMPRESSIONS.entries()) {
    const records = range(from + i * 1000, 1000);
    await produce(brokers.east, topic, records, { compression, batchRecords: 50, idempotent: i % 2 === 0 });
    const transaction = await beginTransaction(brokers.east);
    await transaction.send(topic, range(from + i * 1000, 500));
    await (i % 2 === 0 ? transaction.abort() : transaction.commit());
  }
  const newest = Array.from({ length: PARTITIONS }, (_, partition): TestRecord => {
    return { partition, key: `roll ${from}`, value: "", timestamp: Date.now() + HOUR_MS + from * 1000 };
  });
  await produce(brokers.east, topic, newest);
}

/** Waits until a cleaner has left only the last record of each key. Returns how many those are. */
async function cleaned(cluster: TestCluster, topic: string): Promise<number> {
  const onlyLast = (records: readonly KafkaRecord[]) =>
    new Set(records.map(({ key }) => String(key))).size === records.length;
  const left = await readTopicUntil(cluster, topic, (partitions) => [...partitions.values()].every(onlyLast));
  return [...left.values()].reduce((sum, { length }) => sum + length, 0);
}

test("what compaction left is at its offsets, tombstones too, and the mirror is compacted as its source is", async () => {
  const topic = await createCompacted();
  const link = uniqueName("compacted");
  await write(topic, 0);
  const left = await cleaned(brokers.east, topic);
  await addMirror(strait, link, topic);
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(left);
  await expectVerified(strait, link);
  await using west = clientOf(brokers.west.bootstrap);
  expect((await west.topicConfigs(topic)).get("cleanup.policy")?.value).toBe("compact");

  await write(topic, 10_001);
  await mirrored(strait, link, brokers.east, topic);
  await expectVerified(strait, link);
  const leftThere = await cleaned(brokers.east, topic);
  expect(await cleaned(brokers.west, topic)).toBe(leftThere);
  expect(await expectSameRecords(brokers, topic)).toBe(leftThere);
  await expectVerified(strait, link);
});

test("a runner that is killed goes on behind what the mirror's cleaner has left", async () => {
  const topic = await createCompacted();
  const link = uniqueName("cleaned");
  await addMirror(strait, link, topic);
  for (let round = 0; round < 4; round++) {
    await write(topic, round * 10_001);
    await mirrored(strait, link, brokers.east, topic);
    await cleaned(brokers.west, topic);
    await killed(strait, link);
  }
  await write(topic, 50_000);
  await mirrored(strait, link, brokers.east, topic);
  const left = await cleaned(brokers.east, topic);
  expect(await cleaned(brokers.west, topic)).toBe(left);
  expect(await expectSameRecords(brokers, topic)).toBe(left);
  await expectVerified(strait, link);
});

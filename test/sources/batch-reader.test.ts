/** Raw batches of many partitions through a few requests, from a real broker. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { deleteTopicsV1 } from "@platformatic/kafka";
import { BatchReader, type BatchReaderOptions } from "../../src/sources/batch-reader.ts";
import type { BatchSource } from "../../src/sources/batch-source.ts";
import type { BrokerConnections } from "../../src/wire/broker-connections.ts";
import { connectRaw, connectTo } from "../../src/wire/connect.ts";
import { PartitionLeaders } from "../../src/wire/partition-leaders.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { nextOf } from "../support/next-batch.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";
import { withBroker } from "../support/wire.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let connections: BrokerConnections;
const readers: BatchReader[] = [];
beforeAll(async () => {
  brokers = await clusters();
  connections = connectTo(east(), TIMEOUT);
});
afterAll(() => {
  for (const reader of readers) reader.close();
  connections.close();
});

const east = () => ({ name: "east", region: "eu", properties: { "bootstrap.servers": brokers.east.bootstrap } });
const TIMEOUT = { timeoutMs: 20_000 };
const MAX_BYTES = 1 << 20;

function reader(limits: Pick<BatchReaderOptions, "heldBytes" | "maxWaitMs"> = {}): BatchReader {
  const created = new BatchReader({
    connections: [connectRaw(east(), TIMEOUT), connectRaw(east(), TIMEOUT)],
    leaders: new PartitionLeaders(connections),
    ...limits,
  });
  readers.push(created);
  return created;
}

/** Opens a partition of the topic that has the name now. */
async function open(subject: BatchReader, topic: string, partition: number, offset: number): Promise<BatchSource> {
  const { topicId } = await new PartitionLeaders(connections).of(topic, partition);
  return await subject.open({ topic, topicId, partition, offset, maxBytes: MAX_BYTES });
}

/** Reads and gives back until an offset; the records that were seen. */
async function countTo(source: BatchSource, end: number, timeoutMs?: number): Promise<number> {
  let records = 0;
  for (let next = 0; next < end; ) {
    const batch = await nextOf(source, timeoutMs);
    records += batch.count;
    next = batch.nextOffset;
    batch.release();
  }
  return records;
}

const values = (count: number, partitions: number, size = 10) =>
  Array.from({ length: count }, (_, i) => ({ partition: i % partitions, value: `${i}`.padEnd(size, "x") }));

test("every partition gets all of its batches, in order", async () => {
  const topic = await createTopic(brokers.east, "batches", { partitions: 20 });
  await produce(brokers.east, topic, values(4000, 20), { batchRecords: 7 });
  const subject = reader();
  const counts = Array.from({ length: 20 }, async (_, partition) => {
    return await countTo(await open(subject, topic, partition, 0), 200);
  });
  expect(await Promise.all(counts)).toEqual(new Array(20).fill(200));
});

test("a batch that begins before the offset comes whole", async () => {
  const topic = await createTopic(brokers.east, "batches");
  await produce(brokers.east, topic, values(10, 1), { batchRecords: 10 });
  const batch = await nextOf(await open(reader(), topic, 0, 7));
  expect([batch.batches[0]?.batch?.baseOffset, batch.count, batch.nextOffset]).toEqual([0, 10, 10]);
});

test("what was aborted moves the offset and nothing else", async () => {
  const topic = await createTopic(brokers.east, "batches");
  const transaction = await beginTransaction(brokers.east);
  await transaction.send(topic, [{ value: "never" }]);
  await transaction.abort();
  const batch = await nextOf(await open(reader(), topic, 0, 0));
  expect([batch.count, batch.bytes, batch.firstTimestamp, batch.nextOffset]).toEqual([0, 0, -1, 2]);
});

test("a batch larger than an answer comes through, and does not keep others from theirs", async () => {
  const topic = await createTopic(brokers.east, "batches", {
    partitions: 2,
    configs: { "max.message.bytes": "12000000" },
  });
  const large = Array.from({ length: 3 }, () => ({ partition: 1, value: new Uint8Array(9_000_000) }));
  await produce(brokers.east, topic, large, { batchRecords: 1 });
  await produce(brokers.east, topic, values(400, 1, 10_000), { batchRecords: 50 });
  const subject = reader();
  const sources = await Promise.all([open(subject, topic, 0, 0), open(subject, topic, 1, 0)]);
  expect(await Promise.all([countTo(sources[0], 400), countTo(sources[1], 3)])).toEqual([400, 3]);
});

test("reads no more than may be held, and goes on when something is given back", async () => {
  const topic = await createTopic(brokers.east, "batches", { partitions: 2 });
  await produce(brokers.east, topic, values(200, 2, 10_000), { batchRecords: 10 });
  const subject = reader({ heldBytes: 1 });
  const other = await open(subject, topic, 0, 0);
  const first = await nextOf(other);
  const second = await open(subject, topic, 1, 0);
  // Longer than an answer would take.
  await produce(brokers.east, topic, values(2, 2));
  expect(second.next()).toBeNull();
  other.close();
  first.release();
  expect(await countTo(second, 101)).toBe(101);
});

test("partitions that wait for records do not keep one that is behind, nor one another, from theirs", async () => {
  const partitions = 4;
  const topic = await createTopic(brokers.east, "batches", { partitions });
  await produce(brokers.east, topic, values(400, partitions), { batchRecords: 10 });
  // Whoever had to wait until another one's request is over would time out.
  const subject = reader({ maxWaitMs: TIMEOUT.timeoutMs - 5000 });
  const timeoutMs = TIMEOUT.timeoutMs / 2;
  const sources: BatchSource[] = [];
  // One after the other, so that each gets to the end while those before wait there.
  for (let partition = 0; partition < partitions; partition++) {
    const source = await open(subject, topic, partition, 0);
    expect(await countTo(source, 100, timeoutMs)).toBe(100);
    sources.push(source);
  }
  for (const partition of [3, 1, 0, 2]) {
    const next = nextOf(sources[partition] as BatchSource, timeoutMs);
    await produce(brokers.east, topic, [{ partition, value: "one more" }]);
    expect((await next).count).toBe(1);
  }
});

describe("open", () => {
  test("twice is a conflict until the first is closed", async () => {
    const topic = await createTopic(brokers.east, "batches");
    const subject = reader();
    const source = await open(subject, topic, 0, 0);
    expect((await failureOf(open(subject, topic, 0, 0))).code).toBe("conflict");
    source.close();
    expect((await open(subject, topic, 0, 0)).closed).toBe(false);
  });

  test("of a topic that is not there fails, to be tried again", async () => {
    expect(
      await failureOf(
        reader().open({ topic: "missing-topic", topicId: null, partition: 0, offset: 0, maxBytes: MAX_BYTES }),
      ),
    ).toMatchObject({
      code: "unknown-topic",
      retriable: true,
    });
  });
});

describe("next", () => {
  test("throws where the offset is not there", async () => {
    const topic = await createTopic(brokers.east, "batches");
    const source = await open(reader(), topic, 0, 5);
    expect((await failureOf(nextOf(source))).code).toBe("offset-out-of-range");
  });

  test("throws when the topic is deleted, to be tried again", async () => {
    const topic = await createTopic(brokers.east, "batches");
    const source = await open(reader(), topic, 0, 0);
    const failure = failureOf(nextOf(source));
    await withBroker(brokers.east, (each) => deleteTopicsV1.api.async(each, [{ name: topic }], 30_000));
    expect((await failure).retriable).toBe(true);
  });
});

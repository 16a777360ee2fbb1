/** A broker to which every request takes long: more is under way then, in both directions. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BatchReader } from "../../src/sources/batch-reader.ts";
import type { BrokerConnections } from "../../src/wire/broker-connections.ts";
import { connectRaw, connectTo } from "../../src/wire/connect.ts";
import { PartitionLeaders } from "../../src/wire/partition-leaders.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { startFarKafka } from "../support/kafka/far-kafka.ts";
import { batchOf, openMirrorLog } from "../support/mirror-log.ts";
import { nextOf } from "../support/next-batch.ts";
import { produce } from "../support/produce.ts";
import type { TestCluster } from "../support/test-cluster.ts";
import { createTopic } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROUND_TRIP_MS = 80;
const NEAR_BYTES = 1 << 20;
const RECORD_BYTES = 100_000;
const RECORDS = 200;
const TIMEOUT = { timeoutMs: 20_000 };

let broker: TestCluster;
let connections: BrokerConnections;
const far = () => ({ name: "far", region: "us", properties: { "bootstrap.servers": broker.bootstrap } });
const raw = () => connectRaw(far(), TIMEOUT);

beforeAll(async () => {
  broker = await startFarKafka(ROUND_TRIP_MS);
  connections = connectTo(far(), TIMEOUT);
});
afterAll(async () => {
  connections.close();
  await broker.close();
});

test("answers come to have more", async () => {
  const topic = await createTopic(broker, "far");
  const values = Array.from({ length: RECORDS }, () => ({ value: new Uint8Array(RECORD_BYTES) }));
  await produce(broker, topic, values, { batchRecords: 9 });
  const leaders = new PartitionLeaders(connections);
  const reader = new BatchReader({ connections: [raw(), raw()], leaders });
  const { topicId } = await leaders.of(topic, 0);
  const source = await reader.open({ topic, topicId, partition: 0, offset: 0, maxBytes: NEAR_BYTES });
  const sizes: number[] = [];
  for (let next = 0; next < RECORDS; ) {
    const batch = await nextOf(source);
    sizes.push(batch.bytes);
    next = batch.nextOffset;
    batch.release();
  }
  reader.close();

  expect(sizes[0]).toBeLessThanOrEqual(NEAR_BYTES);
  expect(Math.max(...sizes)).toBeGreaterThan(2 * NEAR_BYTES);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * NEAR_BYTES);
});

test("a log comes to have more batches under way, in order", async () => {
  const topic = await createTopic(broker, "far");
  const writers = raw();
  const log = await openMirrorLog({ connections, writers }, topic);
  let acknowledged = 0;
  let mostUnderWay = 0;
  for (let count = 1; count <= RECORDS; count++) {
    await log.ready();
    void log.append(batchOf(`${count}`.padEnd(RECORD_BYTES))).then(() => acknowledged++);
    mostUnderWay = Math.max(mostUnderWay, count - acknowledged);
  }
  await log.settled();
  writers.close();

  expect(mostUnderWay * RECORD_BYTES).toBeGreaterThan(2 * NEAR_BYTES);
  expect(mostUnderWay * RECORD_BYTES).toBeLessThanOrEqual(8 * NEAR_BYTES + RECORD_BYTES);
  const written = (await readTopic(broker, topic)).get(0) ?? [];
  const numbers = written.map(({ value }) => Number(Buffer.from(value ?? []).toString()));
  expect(numbers).toEqual(Array.from({ length: RECORDS }, (_, index) => index + 1));
});

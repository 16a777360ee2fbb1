/** Batches taken from one topic to another as bytes, with the wire pieces on real brokers. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { CODECS } from "../../src/wire/compression.ts";
import { decodeRecords } from "../../src/wire/decode-records.ts";
import { reencodeBatch } from "../../src/wire/encode-batches.ts";
import { fetchPartitions } from "../../src/wire/fetch.ts";
import { type ProduceAnswer, produceBatch } from "../../src/wire/produce.ts";
import { type RecordBatch, stamp } from "../../src/wire/record-batch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { type BrokerAccess, brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const HOUR_AGO = Date.now() - 3_600_000;
const RECORDS: readonly TestRecord[] = Array.from({ length: 500 }, (_, i) => ({
  key: i % 3 === 0 ? null : `key ${i}`,
  value: i % 7 === 0 ? null : `value ${i} `.repeat(i % 20),
  headers:
    i % 5 === 0
      ? [
          ["empty", ""],
          ["null", null],
          ["h", `${i}`],
        ]
      : [],
  timestamp: HOUR_AGO + ((i * 7919) % 1000),
}));
const PRODUCER_ID = 2n ** 62n + 99n;

async function batchesOf(access: BrokerAccess, topic: string): Promise<readonly RecordBatch[]> {
  const wanted = [{ topic, partition: 0, offset: 0, maxBytes: 50 << 20 }];
  const { partitions } = await fetchPartitions(await access.leaderOf(topic), wanted);
  return [...splitBatches(partitions[0]?.records ?? Buffer.alloc(0))].filter((batch) => batch.magic === 2);
}

/** Produces batches one after the other, all requests in flight at once. */
async function forward(access: BrokerAccess, topic: string, batches: readonly RecordBatch[]): Promise<ProduceAnswer[]> {
  const leader = await access.leaderOf(topic);
  let baseSequence = 0;
  const answers = batches.map((batch) => {
    stamp(batch, { producerId: PRODUCER_ID, producerEpoch: 0, baseSequence });
    baseSequence += batch.count;
    return produceBatch(leader, { topic, partition: 0, batch });
  });
  return await Promise.all(answers);
}

describe.each([...CODECS])("compression %s", (compression) => {
  test("batches forwarded as they are hold the same records, to the byte, at the same offsets", async () => {
    const { east, west } = await clusters();
    await using source = brokerAccess(east);
    await using destination = brokerAccess(west);
    const [from, to] = [await createTopic(east, "raw"), await createTopic(west, "raw")];
    await produce(east, from, RECORDS, { compression, batchRecords: 60 });
    const batches = await batchesOf(source, from);
    const content = batches.map(({ bytes }) => Buffer.from(bytes.subarray(57)));
    const expected = batches.map(({ baseOffset }) => ({ errorCode: 0, errorMessage: null, baseOffset }));
    expect(await forward(destination, to, batches)).toMatchObject(expected);
    const arrived = await batchesOf(destination, to);
    expect(arrived.map(({ bytes }) => bytes.subarray(57))).toEqual(content);
    expect(await recordsOf(west, to)).toEqual(await recordsOf(east, from));
  });

  test("what the broker compressed itself is decoded", async () => {
    const { east } = await clusters();
    await using access = brokerAccess(east);
    const configs = compression === "none" ? "uncompressed" : compression;
    const topic = await createTopic(east, "compressed", { configs: { "compression.type": configs } });
    await produce(east, topic, RECORDS, { compression: compression === "gzip" ? "none" : "gzip" });
    const batches = await batchesOf(access, topic);
    const decoded = batches.flatMap((batch) => decodeRecords(batch));
    expect(batches.map(({ codec }) => codec)).toEqual([compression]);
    expect(decoded).toEqual(await recordsOf(east, topic));
  });
});

test("a batch of a transaction is forwarded out of it", async () => {
  const { east, west } = await clusters();
  await using source = brokerAccess(east);
  await using destination = brokerAccess(west);
  const [from, to] = [await createTopic(east, "raw"), await createTopic(west, "raw")];
  const transaction = await beginTransaction(east);
  await transaction.send(from, RECORDS.slice(0, 3));
  await transaction.commit();
  const [data] = await batchesOf(source, from);
  await forward(destination, to, [data as RecordBatch]);
  expect(await recordsOf(west, to)).toEqual(await recordsOf(east, from));
});

describe("a batch with append time", () => {
  async function appended(access: BrokerAccess): Promise<{ topic: string; batch: RecordBatch }> {
    const { east } = await clusters();
    const topic = await createTopic(east, "append-time", { configs: { "message.timestamp.type": "LogAppendTime" } });
    await produce(east, topic, RECORDS.slice(0, 9), { compression: "zstd" });
    const [batch] = await batchesOf(access, topic);
    return { topic, batch: batch as RecordBatch };
  }

  test("does not keep its times where it is produced as it is", async () => {
    const { east, west } = await clusters();
    await using source = brokerAccess(east);
    await using destination = brokerAccess(west);
    const { topic, batch } = await appended(source);
    const to = await createTopic(west, "raw");
    expect([batch.logAppendTime, batch.forwardable]).toEqual([true, false]);
    await forward(destination, to, [batch]); // Kafka 4.1 takes it and clears the bit, so the producers' times show
    const times = [await recordsOf(east, topic), await recordsOf(west, to)].map((records) =>
      records.map(({ timestamp }) => timestamp),
    );
    expect(times[1]).not.toEqual(times[0] as number[]);
  });

  test("shows the same times when it was encoded again", async () => {
    const { east, west } = await clusters();
    await using source = brokerAccess(east);
    await using destination = brokerAccess(west);
    const { topic, batch } = await appended(source);
    const to = await createTopic(west, "raw");
    await forward(destination, to, reencodeBatch(batch));
    expect(await recordsOf(west, to)).toEqual(await recordsOf(east, topic));
  });
});

async function recordsOf(cluster: Parameters<typeof readTopic>[0], topic: string) {
  const records = (await readTopic(cluster, topic)).get(0) ?? [];
  return records.map(({ topic: _, partition: __, ...record }) => record);
}

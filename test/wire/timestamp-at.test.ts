import { expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import type { Compression } from "../support/record-batch.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const HOUR_AGO = Date.now() - 3_600_000;

test.each<Compression>(["none", "gzip", "snappy", "lz4", "zstd"])(
  "the record at an offset in the middle of a batch is found (compression %s)",
  async (compression) => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const topic = await createTopic(east, "ages");
    const records = [7, 3, 9].map((ms) => ({ key: "k".repeat(200), value: "v", timestamp: HOUR_AGO + ms }));
    await produce(east, topic, records, { compression });
    const times = [0, 1, 2].map((offset) => client.timestampAt(topic, 0, offset));
    expect(await Promise.all(times)).toEqual([HOUR_AGO + 7, HOUR_AGO + 3, HOUR_AGO + 9]);
  },
);

test("transaction markers and aborted records are passed over", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "ages");
  const aborted = await beginTransaction(east);
  await aborted.send(topic, [{ value: "never", timestamp: HOUR_AGO + 1 }]); // offset 0, its marker 1
  await aborted.abort();
  const committed = await beginTransaction(east);
  await committed.send(topic, [{ value: "a", timestamp: HOUR_AGO + 2 }]); // offset 2, its marker 3
  await committed.commit();
  await produce(east, topic, [{ value: "b", timestamp: HOUR_AGO + 4 }]); // offset 4
  const times = [0, 1, 2, 3, 4].map((offset) => client.timestampAt(topic, 0, offset));
  expect(await Promise.all(times)).toEqual([2, 2, 2, 4, 4].map((ms) => HOUR_AGO + ms));
});

test("there is none at or behind the end, in a transaction that is open, and in a topic that is missing", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "ages");
  await produce(east, topic, [{ value: "a" }]);
  const open = await beginTransaction(east);
  await open.send(topic, [{ value: "b" }]);
  const times = [
    client.timestampAt(topic, 0, 1),
    client.timestampAt(topic, 0, 99),
    client.timestampAt(uniqueName("x"), 0, 0),
  ];
  expect(await Promise.all(times)).toEqual([null, null, null]);
  await open.abort();
});

test("with append time it is the broker's time, not the producer's", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "ages", { configs: { "message.timestamp.type": "LogAppendTime" } });
  const before = Date.now();
  await produce(east, topic, [
    { value: "a", timestamp: HOUR_AGO },
    { value: "b", timestamp: HOUR_AGO },
  ]);
  expect(await client.timestampAt(topic, 0, 1)).toBeGreaterThanOrEqual(before);
});

test("a batch far larger than what is asked for is read all the same", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "ages");
  const records = Array.from({ length: 9 }, (_, ms) => ({ value: "v".repeat(100_000), timestamp: HOUR_AGO + ms }));
  await produce(east, topic, records);
  expect(await client.timestampAt(topic, 0, 8)).toBe(HOUR_AGO + 8);
});

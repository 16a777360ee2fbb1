/** Batches that compaction left holes in, as a real cleaner makes them. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { decodeRecords } from "../../src/wire/decode-records.ts";
import { reencodeBatch } from "../../src/wire/encode-batches.ts";
import { fetchPartitions } from "../../src/wire/fetch.ts";
import { produceBatch } from "../../src/wire/produce.ts";
import { type RecordBatch, stamp } from "../../src/wire/record-batch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { type BrokerAccess, brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PRODUCER_ID = 2n ** 62n + 3n;

let broker: KafkaCluster;
let source: string;

beforeAll(async () => {
  broker = await startKafka({ properties: { "log.cleaner.backoff.ms": "100" } });
  const configs = { "cleanup.policy": "compact", "segment.ms": "100", "min.cleanable.dirty.ratio": "0.001" };
  source = await createTopic(broker, "compacted", { configs });
  const keys = ["a", "same", "b", "same", "same", "c", "d", "same"];
  await produce(
    broker,
    source,
    keys.map((key, i) => ({ key, value: `${i}` })),
    { compression: "zstd" },
  );
});

afterAll(() => broker.close());

/**
 * The first batch of the source, once the cleaner has left a, b, c and d of it. Only what is behind a newer segment is
 * cleaned, and known to the cleaner as newer: after its first round the last "same" of the batch may still be there.
 */
async function compacted(access: BrokerAccess): Promise<RecordBatch> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await produce(broker, source, [{ key: "same", value: "newest" }]);
    const wanted = [{ topic: source, partition: 0, offset: 0, maxBytes: 1 << 20 }];
    const { partitions } = await fetchPartitions(await access.leaderOf(source), wanted);
    const [batch] = splitBatches(partitions[0]?.records ?? Buffer.alloc(0));
    if (batch?.magic === 2 && batch.count === 4) return batch;
    await Bun.sleep(100);
  }
  throw new Error("the cleaner did not come within 60 s");
}

test("a broker refuses a batch with holes as it is", async () => {
  await using access = brokerAccess(broker);
  const batch = await compacted(access);
  const topic = await createTopic(broker, "mirror");
  stamp(batch, { producerId: PRODUCER_ID, producerEpoch: 0, baseSequence: 0 });
  const answer = await produceBatch(await access.leaderOf(topic), { topic, partition: 0, batch });
  expect({ forwardable: batch.forwardable, refused: answer.errorCode !== 0 }).toEqual({
    forwardable: false,
    refused: true,
  });
});

test("encoded again it is runs without holes, each at its offset, with the records that are left", async () => {
  await using access = brokerAccess(broker);
  const batch = await compacted(access);
  const runs = reencodeBatch(batch);
  const left = (await readTopic(broker, source)).get(0)?.filter(({ offset }) => offset < 8) ?? [];
  expect(runs.map(({ baseOffset, count, forwardable }) => [baseOffset, count, forwardable])).toEqual([
    [0, 1, true],
    [2, 1, true],
    [5, 2, true],
  ]);
  expect(runs.flatMap((run) => decodeRecords(run))).toEqual(
    left.map(({ topic: _, partition: __, ...record }) => record),
  );
});

test("a broker takes the runs", async () => {
  await using access = brokerAccess(broker);
  const runs = reencodeBatch(await compacted(access), { from: 2 });
  const topic = await createTopic(broker, "mirror");
  const answers: unknown[] = [];
  let baseSequence = 0;
  for (const batch of runs) {
    stamp(batch, { producerId: PRODUCER_ID, producerEpoch: 0, baseSequence });
    baseSequence += batch.count;
    const { errorCode, baseOffset } = await produceBatch(await access.leaderOf(topic), { topic, partition: 0, batch });
    answers.push([errorCode, baseOffset]);
  }
  expect(answers).toEqual([
    [0, 0],
    [0, 1],
  ]);
});

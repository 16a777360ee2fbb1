import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { firstValueFrom, timeout } from "rxjs";
import type { RecordBatch } from "../../src/model/batch.ts";
import type { LinkConnections } from "../../src/runner/link-connections.ts";
import { RecordSource } from "../../src/sources/record-source.ts";
import { connect } from "../sinks/sink-case.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let connections: LinkConnections;
beforeAll(async () => {
  brokers = await clusters();
  connections = await connect(brokers);
});
afterAll(() => connections.close());

const values = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `value ${index}` }));

/** Batches until the position is at `end`. */
async function readTo(source: RecordSource, end: number): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  while ((batches.at(-1)?.nextOffset ?? 0) < end) {
    const batch = source.next();
    if (batch === null) await firstValueFrom(source.ready$.pipe(timeout(30_000)));
    else batches.push(batch);
  }
  return batches;
}

test("gives every record from the offset on, in order, in batches that bound what filters hold up", async () => {
  const topic = await createTopic(brokers.east, "read");
  await produce(brokers.east, topic, values(3000));
  const source = new RecordSource(connections.reader, { topic, partition: 0 }, 500);
  const batches = await readTo(source, 3000);
  const offsets = batches.flatMap((batch) => Array.from({ length: batch.count }, (_, index) => batch.offset(index)));
  expect(offsets).toEqual(Array.from({ length: 2500 }, (_, index) => 500 + index));
  expect(Math.max(...batches.map(({ count }) => count))).toBeLessThanOrEqual(1000);
  for (const batch of batches) batch.release();
  source.close();
});

test("has nothing at the end until something comes, and says so once", async () => {
  const topic = await createTopic(brokers.east, "idle");
  await produce(brokers.east, topic, values(1));
  const source = new RecordSource(connections.reader, { topic, partition: 0 }, 0);
  for (const batch of await readTo(source, 1)) batch.release();
  expect(source.next()).toBeNull();
  await produce(brokers.east, topic, values(1));
  const [more] = await readTo(source, 2);
  expect(more?.count).toBe(1);
  more?.release();
  source.close();
});

test("moves on past aborted records and markers with a batch of none", async () => {
  const topic = await createTopic(brokers.east, "aborted");
  const transaction = await beginTransaction(brokers.east);
  await transaction.send(topic, values(3));
  await transaction.abort();
  const source = new RecordSource(connections.reader, { topic, partition: 0 }, 0);
  const batches = await readTo(source, 4);
  expect(batches.map(({ count }) => count)).toEqual([0]);
  expect(batches[0]).toMatchObject({ nextOffset: 4, bytes: 0, firstTimestamp: -1 });
  expect(source.next()).toBeNull();
  source.close();
});

test("an offset that is not there any more is an error and not another offset", async () => {
  const topic = await createTopic(brokers.east, "gone");
  await produce(brokers.east, topic, values(1));
  const source = new RecordSource(connections.reader, { topic, partition: 0 }, 7);
  await expect(readTo(source, 8)).rejects.toMatchObject({ code: "offset-out-of-range" });
  source.close();
});

test("a closed partition can be opened again elsewhere", async () => {
  const topic = await createTopic(brokers.east, "again");
  await produce(brokers.east, topic, values(5));
  for (const start of [0, 3, 1]) {
    const source = new RecordSource(connections.reader, { topic, partition: 0 }, start);
    const batches = await readTo(source, 5);
    expect(batches.find(({ count }) => count > 0)?.offset(0)).toBe(start);
    for (const batch of batches) batch.release();
    source.close();
  }
});

/** Clusters that go away and come back: strait says what it waits for and goes on by itself. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { KafkaRecord } from "../../src/model/record.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { startKafka } from "../support/kafka/start-kafka.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { type Lag, Strait } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;

type Broker = Awaited<ReturnType<typeof startKafka>>;
let east: Broker;
let west: Broker;
let strait: Strait;
let topic: string;
let made = 0;

// Brokers of their own: these tests stop them.
beforeAll(async () => {
  [east, west] = await Promise.all([startKafka(), startKafka()]);
});
afterAll(() => Promise.all([east.close(), west.close()]));

beforeEach(async () => {
  strait = await Strait.start();
  await strait.addClusters(east.bootstrap, west.bootstrap);
  topic = await createTopic(east, "outage", { partitions: PARTITIONS });
  made = 0;
  await strait.send("POST", "/links", {
    name: topic,
    source: "east",
    destination: "west",
    mappings: [{ source: topic, mode: "append" }],
  });
  await makeRecords(1000);
  await copied();
});
afterEach(() => strait.close());

async function makeRecords(count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, index): TestRecord => {
    const id = made + index;
    return { partition: id % PARTITIONS, key: String(id), value: `value ${id}` };
  });
  made += count;
  await produce(east, topic, records);
}

/** Waits until everything made so far is acknowledged. */
function copied(): Promise<Lag> {
  return strait.lagUntil(
    topic,
    ({ partitions, total }) =>
      total.lagRecords === 0 && partitions.reduce((sum, { sourceEndOffset }) => sum + sourceEndOffset, 0) === made,
    90_000,
  );
}

async function expectSameRecords(): Promise<void> {
  const [before, after] = await Promise.all([readTopic(east, topic), readTopic(west, topic)]);
  const keys = (records: readonly KafkaRecord[] = []) =>
    records.map(({ key }) => new TextDecoder().decode(key ?? undefined));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    expect(keys(after.get(partition))).toEqual(keys(before.get(partition)));
  }
}

test("it goes on by itself after the source broker was restarted", async () => {
  await east.control.restart();
  await makeRecords(500);
  await copied();
  await expectSameRecords();
});

test("it goes on by itself after the destination broker was restarted", async () => {
  await makeRecords(500);
  await west.control.restart();
  await makeRecords(500);
  await copied();
  await expectSameRecords();
});

test("while the destination is down it says so, and loses and repeats nothing when it is back after a minute", async () => {
  await west.control.kill();
  await makeRecords(500);
  const waiting = await strait.linkUntil(topic, ({ reason }) => reason?.includes("west") === true);
  expect(waiting.reason).toContain("waiting for destination cluster west");
  // The outage itself is what is tested: long enough for requests, transactions and sessions to run out.
  await Bun.sleep(60_000);
  await west.control.start();
  await copied();
  const over = await strait.linkUntil(topic, ({ state }) => state === "running");
  expect(over.reason).toBeNull();
  await expectSameRecords();
});

test("a frozen destination delays and nothing else", async () => {
  await west.control.freeze();
  try {
    await makeRecords(500);
    await strait.linkUntil(topic, ({ reason }) => reason?.includes("west") === true);
  } finally {
    west.control.thaw();
  }
  await makeRecords(500);
  await copied();
  await expectSameRecords();
});

test("a runner that starts while the source is down says what it waits for and begins when it is there", async () => {
  await east.control.stop();
  strait.killRunner(topic);
  const waiting = await strait.linkUntil(
    topic,
    ({ reason }) => reason?.includes("waiting for source cluster east") === true,
  );
  expect(waiting.state).not.toBe("failed");
  await east.control.start();
  await makeRecords(500);
  await copied();
  await expectSameRecords();
});

/** The lag of every partition against the clusters' own offsets, in every state a link can be in. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { groupOf } from "../../src/model/progress.ts";
import { ClusterClient } from "../../src/wire/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { type Lag, type PartitionLag, Strait } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 3;

let brokers: TestClusters;
let strait: Strait;
let source: ClusterClient;
let destination: ClusterClient;
let topic: string;
beforeAll(async () => {
  brokers = await clusters();
  strait = await Strait.start();
  await strait.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
  const client = (name: string, bootstrap: string) =>
    new ClusterClient({ name, region: "test", properties: { "bootstrap.servers": bootstrap } });
  source = client("east", brokers.east.bootstrap);
  destination = client("west", brokers.west.bootstrap);
  topic = await createTopic(brokers.east, "lag", { partitions: PARTITIONS });
  await strait.send("POST", "/links", {
    name: "lag",
    source: "east",
    destination: "west",
    mappings: [{ source: topic, name: "lag", mode: "append" }],
  });
});
afterAll(async () => {
  await strait.close();
  await Promise.all([source.close(), destination.close()]);
});

const numbers = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const records = (count: number, timestamp = Date.now()): TestRecord[] =>
  Array.from({ length: count }, (_, index) => ({ partition: index % PARTITIONS, value: `value ${index}`, timestamp }));

/** The end of each partition by the source's own word. */
async function ends(): Promise<number[]> {
  const offsets = (await source.partitionOffsets(new Map([[topic, numbers]]))).get(topic);
  return numbers.map((partition) => offsets?.get(partition)?.end ?? -1);
}

/** What is committed at the destination, 0 where nothing is. */
async function committed(): Promise<number[]> {
  const offsets = (await destination.committedOffsets(groupOf("lag"), new Map([[topic, numbers]]))).get(topic);
  return numbers.map((partition) => offsets?.get(partition)?.offset ?? 0);
}

const byNumber = ({ partitions }: Lag): PartitionLag[] => partitions.toSorted((a, b) => a.partition - b.partition);
const sourceEnds = (lag: Lag) => byNumber(lag).map(({ sourceEndOffset }) => sourceEndOffset);
const lags = (lag: Lag) => byNumber(lag).map(({ lagRecords }) => lagRecords);
const same = (a: readonly number[], b: readonly number[]) => Bun.deepEquals(a, b);

test("an empty topic has no lag", async () => {
  const lag = await strait.lagUntil("lag", ({ partitions }) => partitions.every(({ state }) => state === "running"));
  expect(lag.total).toEqual({ lagRecords: 0, lagMs: 0 });
  expect(byNumber(lag).map(({ nextOffset }) => nextOffset)).toEqual([0, 0, 0]);
});

test("while records are produced, the lag is never negative, adds up, and is never ahead of the clusters", async () => {
  const producing = (async () => {
    for (let i = 0; i < 20; i++) await produce(brokers.east, topic, records(1500));
  })();
  let finished = false;
  const settled = producing.finally(() => {
    finished = true;
  });
  while (!finished) {
    const lag = await strait.lag("lag");
    const [endsAfter, copiedAfter] = await Promise.all([ends(), committed()]);
    for (const { partition, sourceEndOffset, nextOffset, lagRecords } of byNumber(lag)) {
      expect(lagRecords).toBe(Math.max(0, sourceEndOffset - (nextOffset ?? 0)));
      // What the answer says is at most a second (ends) and one status (copied) older than the moment it was asked for.
      expect(sourceEndOffset).toBeLessThanOrEqual(endsAfter[partition] ?? -1);
      expect(nextOffset ?? 0).toBeLessThanOrEqual(copiedAfter[partition] ?? -1);
    }
    expect(lag.total.lagRecords).toBe(lags(lag).reduce((sum, each) => sum + each, 0));
  }
  await settled;
  const finalEnds = await ends();
  const lag = await strait.lagUntil("lag", (each) => each.total.lagRecords === 0 && same(sourceEnds(each), finalEnds));
  expect(await committed()).toEqual(finalEnds);
  expect(lag.total.lagMs).toBe(0);
});

test("while the link is paused, the lag is what was produced since and its age is the oldest record's", async () => {
  await strait.send("POST", "/links/lag/pause");
  await strait.lagUntil("lag", ({ partitions }) => partitions.every(({ state }) => state === "paused"));
  const before = await committed();
  const oldest = Date.now() - 60_000;
  await produce(brokers.east, topic, records(30, oldest));
  const wanted = await ends();
  const lag = await strait.lagUntil("lag", (each) => same(sourceEnds(each), wanted) && each.total.lagMs > 0);
  expect(lags(lag)).toEqual(wanted.map((end, i) => end - (before[i] ?? 0)));
  expect(lag.total.lagRecords).toBe(30);
  for (const { lagMs } of byNumber(lag)) {
    expect(lagMs).toBeGreaterThanOrEqual(60_000);
    expect(lagMs).toBeLessThanOrEqual(Date.now() - oldest);
  }
  expect(await committed()).toEqual(before);
});

test("while the runner is down, the lag goes on being right", async () => {
  const pid = strait.control.supervisor.snapshot("lag")?.pid ?? 0;
  // A frozen runner neither reports nor ends: to the clusters and to the lag it is down.
  process.kill(pid, "SIGSTOP");
  try {
    await produce(brokers.east, topic, records(9));
    const wanted = await ends();
    const before = await committed();
    const lag = await strait.lagUntil("lag", (each) => same(sourceEnds(each), wanted));
    expect(lags(lag)).toEqual(wanted.map((end, i) => end - (before[i] ?? 0)));
  } finally {
    process.kill(pid, "SIGKILL");
  }
  const wanted = await ends();
  const before = await committed();
  const lag = await strait.lagUntil("lag", (each) => same(sourceEnds(each), wanted));
  expect(lags(lag)).toEqual(wanted.map((end, i) => end - (before[i] ?? 0)));
});

test("after the link is resumed, the lag is 0 in every partition and the ends are the clusters' own", async () => {
  await strait.send("POST", "/links/lag/resume");
  const wanted = await ends();
  const lag = await strait.lagUntil("lag", (each) => each.total.lagRecords === 0 && same(sourceEnds(each), wanted));
  expect(byNumber(lag).map(({ nextOffset }) => nextOffset)).toEqual(wanted);
  expect(lag.total.lagMs).toBe(0);
  expect(await committed()).toEqual(wanted);
});

test("one partition can be asked for alone", async () => {
  const answer = await strait.send<Lag>("GET", `/links/lag/lag?topic=${topic}&partition=1`);
  expect(answer.partitions.map(({ partition }) => partition)).toEqual([1]);
});

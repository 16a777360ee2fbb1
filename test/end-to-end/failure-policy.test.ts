/** What happens when a filter fails, never comes back, or has to stop. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { groupOf } from "../../src/model/progress.ts";
import type { KafkaRecord } from "../../src/model/record.ts";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic, readTopicUntil } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { type Lag, type PartitionLag, Strait, type StraitOptions } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const text = new TextDecoder();

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  brokers = await clusters();
  strait = await started();
});
afterAll(() => strait.close());

async function started(options: StraitOptions = {}): Promise<Strait> {
  const instance = await Strait.start(options);
  await instance.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
  return instance;
}

/** A link named as the topic it copies. */
async function link(instance: Strait, topic: string, mapping: Record<string, unknown>): Promise<void> {
  const mappings = [{ source: topic, name: "orders", mode: "append", ...mapping }];
  await instance.send("POST", "/links", { name: topic, source: "east", destination: "west", mappings });
}

const decoded = (bytes: Uint8Array | null | undefined) => (bytes ? text.decode(bytes) : null);
const values = (records: readonly KafkaRecord[] | undefined) => (records ?? []).map(({ value }) => decoded(value));
const numbered = (count: number, partitions: number, name = "order"): TestRecord[] =>
  Array.from({ length: count }, (_, index) => ({ partition: index % partitions, value: `${name} ${index}` }));
/** The values of a partition after the filter. */
const seen = (records: readonly TestRecord[], partition: number) =>
  records.filter((record) => record.partition === partition).map(({ value }) => `${value}, seen`);

describe.each([false, true])("a filter that throws on one record (answering later: %p)", (later) => {
  const filters = [{ use: "./filters/picky.ts", options: { later } }];
  const poison: TestRecord = {
    partition: 1,
    key: "key",
    value: "poison of DE44",
    headers: [
      ["trace", "1"],
      ["trace", null],
    ],
    timestamp: Date.now() - 1000,
  };

  test("stops its partition only; with quarantine it is set aside at the source and the partition goes on", async () => {
    const topic = await createTopic(brokers.east, "poisoned", { partitions: 3 });
    const before = numbered(30, 3);
    await produce(brokers.east, topic, [...before, poison]);
    await link(strait, topic, { filters });
    const { partitions } = await strait.lagUntil(topic, (lag) =>
      lag.partitions.some(({ state }) => state === "failed"),
    );
    const failed = partitions.filter(({ state }) => state === "failed");
    expect(failed.map(({ partition }) => partition)).toEqual([1]);
    expect(failed[0]?.nextOffset).toBeLessThanOrEqual(10);
    expect(failed[0]?.reason).toContain(`filter ./filters/picky.ts cannot handle ${topic}/1 offset 10`);
    expect(failed[0]?.reason).not.toContain("DE44");

    const after = numbered(30, 3, "later");
    await produce(brokers.east, topic, after);
    const isDone = ({ partition, nextOffset }: PartitionLag) => partition === 1 || nextOffset === 20;
    const stopped = await strait.lagUntil(topic, (lag) => lag.partitions.every(isDone));
    expect(stopped.partitions.map(({ state }) => state).toSorted()).toEqual(["failed", "running", "running"]);
    const degraded = await strait.linkUntil(topic, ({ state }) => state === "degraded");
    expect(degraded.reason).toContain(`${topic}/1 is failed: filter ./filters/picky.ts`);
    expect(degraded.reason).not.toContain("DE44");

    await strait.send("PATCH", `/links/${topic}/mappings/orders`, { onFailure: "quarantine" });
    await strait.lagUntil(
      topic,
      (lag) => lag.total.lagRecords === 0 && lag.partitions.every(({ state }) => state === "running"),
    );
    await strait.linkUntil(topic, ({ state }) => state === "running");
    const copied = await readTopic(brokers.west, topic);
    for (const partition of [0, 1, 2]) {
      expect(values(copied.get(partition))).toEqual([...seen(before, partition), ...seen(after, partition)]);
    }

    const quarantine = await readTopic(brokers.east, `${topic}.strait-quarantine`);
    expect([...quarantine.values()].map(({ length }) => length)).toEqual([0, 1, 0]);
    const aside = quarantine.get(1)?.[0];
    expect([decoded(aside?.key), decoded(aside?.value), aside?.timestamp]).toEqual([
      "key",
      "poison of DE44",
      poison.timestamp as number,
    ]);
    expect(aside?.headers.map(({ name, value }) => [name, decoded(value)])).toEqual([
      ["trace", "1"],
      ["trace", null],
      ["strait.link", topic],
      ["strait.mapping", "orders"],
      ["strait.filter", "./filters/picky.ts"],
      ["strait.error", "cannot stomach poison of DE44"],
      ["strait.partition", "1"],
      ["strait.offset", "10"],
    ]);
    await using west = clientOf(brokers.west.bootstrap);
    const names = (await west.topics()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith(topic))).toEqual([topic]);
    expect(await strait.evidence(topic)).toMatchObject({ read: 61, replaced: 60, kept: 0, quarantined: 1 });
  });
});

test("a filter in an endless loop fails on its record; other mappings go on, and their runner too", async () => {
  const names = ["stopping", "setting-aside", "beside"] as const;
  const topics = await Promise.all(names.map((name) => createTopic(brokers.east, name)));
  const [stopping, settingAside, beside] = topics as [string, string, string];
  const looping = ["before", "loop", "after"].map((value) => ({ value }));
  for (const topic of [stopping, settingAside]) await produce(brokers.east, topic, looping);
  const filters = [{ use: "./filters/endless.ts" }];
  const mappings = [
    { source: stopping, name: names[0], filters },
    { source: settingAside, name: names[1], filters, onFailure: "quarantine" },
    { source: beside, name: names[2] },
  ];
  const name = stopping;
  await strait.send("POST", "/links", { name, source: "east", destination: "west", mappings });
  const isRunning = (lag: Lag) =>
    lag.partitions.some(({ mapping, state }) => mapping === "beside" && state === "running");
  await strait.lagUntil(name, isRunning);
  const pid = strait.control.supervisor.snapshot(name)?.pid;
  // While the filters of the other two are in their loops.
  await produce(brokers.east, beside, numbered(100, 1));
  const besideIs = (count: number) => (copied: ReadonlyMap<number, readonly KafkaRecord[]>) =>
    copied.get(0)?.length === count;
  await readTopicUntil(brokers.west, beside, besideIs(100), { timeoutMs: 30_000 });

  const { partitions } = await strait.lagUntil(name, (lag) => lag.partitions.some(({ state }) => state === "failed"));
  const failed = partitions.filter(({ state }) => state === "failed");
  expect(failed.map(({ mapping }) => mapping)).toEqual(["stopping"]);
  expect(failed[0]?.reason).toBe(
    `filter ./filters/endless.ts cannot handle ${stopping}/0 offset 1: it did not come back for 5 s`,
  );
  expect(failed[0]?.nextOffset ?? 0).toBeLessThanOrEqual(1);

  const isSetAside = (lag: Lag) =>
    lag.partitions.some(({ mapping, nextOffset }) => mapping === "setting-aside" && nextOffset === 3);
  await strait.lagUntil(name, isSetAside);
  expect(values((await readTopic(brokers.west, settingAside)).get(0))).toEqual(["before", "after"]);
  const [aside] = (await readTopic(brokers.east, `${settingAside}.strait-quarantine`)).get(0) ?? [];
  expect(decoded(aside?.value)).toBe("loop");
  const headers = Object.fromEntries(aside?.headers.map((header) => [header.name, decoded(header.value)]) ?? []);
  expect(headers).toMatchObject({
    "strait.filter": "./filters/endless.ts",
    "strait.error": "it did not come back for 5 s",
    "strait.offset": "1",
  });

  await produce(brokers.east, beside, numbered(100, 1, "later"));
  await readTopicUntil(brokers.west, beside, besideIs(200), { timeoutMs: 30_000 });
  expect(strait.control.supervisor.snapshot(name)).toMatchObject({ pid: pid as number, restarts: 0 });

  await strait.send("PATCH", `/links/${name}/mappings/stopping`, { filters: [] });
  const copied = await readTopicUntil(brokers.west, stopping, besideIs(3), { timeoutMs: 60_000 });
  expect(values(copied.get(0))).toEqual(["before", "loop", "after"]);
});

test.each(["on", "off"])("closing commits what is under way within 5 s (transaction: %s)", async (transaction) => {
  const instance = await started();
  const topic = await createTopic(brokers.east, "closing", { partitions: 2 });
  const records = numbered(200_000, 2);
  await produce(brokers.east, topic, records);
  await link(instance, topic, { transaction });
  await instance.lagUntil(topic, ({ partitions }) => partitions.some(({ nextOffset }) => (nextOffset ?? 0) > 0));
  const begun = performance.now();
  await instance.close();
  expect(performance.now() - begun).toBeLessThan(5000);

  // Everything that was written is committed, and its position with it: nothing would come again.
  const [written, committed] = await Promise.all([
    readTopic(brokers.west, topic, { isolation: "read_uncommitted" }),
    readTopic(brokers.west, topic),
  ]);
  await using west = clientOf(brokers.west.bootstrap);
  const offsets = (await west.committedOffsets(groupOf(topic), new Map([[topic, [0, 1]]]))).get(topic);
  for (const partition of [0, 1]) {
    const count = written.get(partition)?.length ?? -1;
    expect(committed.get(partition)).toHaveLength(count);
    expect(offsets?.get(partition)?.offset ?? 0).toBe(count);
  }
});

/** Changing one mapping of a running link leaves the others moving. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Subscription } from "rxjs";
import type { KafkaRecord } from "../../src/model/record.ts";
import type { PartitionStatus } from "../../src/model/status.ts";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { readTopic, readTopicUntil } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { type Strait, straitBetweenClusters, until } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
const text = new TextDecoder();

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

/** Two mappings that nobody touches, and the third one that is changed. */
let others: readonly string[];
let changed: string;
let link: string;
let production: { readonly stop: () => Promise<ReadonlyMap<string, number>> };
let statuses: (readonly PartitionStatus[])[];
let watching: Subscription;
let pid: number;

beforeEach(async () => {
  const [one, two, three] = await Promise.all(
    ["one", "two", "three"].map((name) => createTopic(brokers.east, name, { partitions: PARTITIONS })),
  );
  others = [one as string, two as string];
  changed = three as string;
  link = changed;
  const mappings = others.map((source) => ({ source, mode: "append" }));
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  production = startProducing([...others, changed]);
  await Promise.all(others.map((topic) => moving(topic)));
  pid = strait.control.supervisor.snapshot(link)?.pid as number;
  statuses = [];
  watching = strait.control.supervisor.snapshots$.subscribe((snapshot) => {
    if (snapshot.link.name === link) statuses.push(snapshot.status?.partitions ?? []);
  });
});
afterEach(async () => {
  watching.unsubscribe();
  await production.stop();
  await strait.send("DELETE", `/links/${link}`);
});

/** Writes numbered records to all partitions of the topics, one round after the other, until it is stopped. */
function startProducing(topics: readonly string[]) {
  let stopped = false;
  let rounds = 0;
  const done = (async () => {
    while (!stopped) {
      const round = Array.from({ length: PARTITIONS * 10 }, (_, index) => ({
        partition: index % PARTITIONS,
        value: `${rounds * 10 + Math.floor(index / PARTITIONS)}`,
      }));
      await Promise.all(topics.map((topic) => produce(brokers.east, topic, round)));
      rounds++;
    }
  })();
  const stop = async () => {
    stopped = true;
    await done;
    return new Map(topics.map((topic) => [topic, rounds * 10]));
  };
  return { stop };
}

const partitionsOf = (topic: string) =>
  (strait.control.supervisor.snapshot(link)?.status?.partitions ?? []).filter((each) => each.topic === topic);
const recordsOf = (topic: string) => partitionsOf(topic).reduce((sum, { records }) => sum + records, 0);

/** Waits until all partitions of a topic have copied more than they have now. */
async function moving(topic: string): Promise<void> {
  const before = new Map(partitionsOf(topic).map(({ partition, records }) => [partition, records]));
  const isMoving = (now: readonly PartitionStatus[]) =>
    now.length === PARTITIONS && now.every(({ partition, records }) => records > (before.get(partition) ?? 0));
  await until(async () => partitionsOf(topic), isMoving, 60_000, `the records of ${topic}`);
}

/** Makes a change, waits for its effect, and checks that the other mappings never noticed. */
async function undisturbed(change: () => Promise<unknown>, effect: () => Promise<unknown>): Promise<void> {
  const before = others.map(recordsOf);
  statuses.length = 0;
  await change();
  await effect();
  await Promise.all(others.map((topic) => moving(topic)));
  expect(strait.control.supervisor.snapshot(link)?.pid).toBe(pid);
  for (const [index, topic] of others.entries()) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const course = statuses.map((each) => each.find((one) => one.topic === topic && one.partition === partition));
      expect(new Set(course.map((status) => status?.state))).toEqual(new Set(["running"]));
      // A mapping that was started anew would count from zero.
      const counts = course.map((status) => status?.records ?? -1);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(counts.at(-1)).toBeGreaterThan(counts[0] as number);
    }
    expect(recordsOf(topic)).toBeGreaterThan(before[index] as number);
  }
}

const values = (records: readonly KafkaRecord[] | undefined) =>
  (records ?? []).map(({ value }) => text.decode(value ?? new Uint8Array()));

/** Stops producing and checks that all of a topic arrived once and in order. */
async function expectWhole(topics: readonly string[]): Promise<void> {
  const produced = await production.stop();
  for (const topic of topics) {
    const count = produced.get(topic) ?? -1;
    const isWhole = (copied: ReadonlyMap<number, readonly KafkaRecord[]>) =>
      copied.size === PARTITIONS && [...copied.values()].every(({ length }) => length >= count);
    const copied = await readTopicUntil(brokers.west, topic, isWhole, { timeoutMs: 60_000 });
    const expected = Array.from({ length: count }, (_, index) => String(index));
    for (let partition = 0; partition < PARTITIONS; partition++)
      expect(values(copied.get(partition))).toEqual(expected);
  }
}

const add = () => strait.send("POST", `/links/${link}/mappings`, { source: changed, name: "changed", mode: "append" });

test("adding a mapping, pausing and resuming it", async () => {
  await undisturbed(add, () => moving(changed));
  const isPaused = (now: readonly PartitionStatus[]) =>
    now.length === PARTITIONS && now.every(({ state }) => state === "paused");
  await undisturbed(
    () => strait.send("POST", `/links/${link}/mappings/changed/pause`),
    () => until(async () => partitionsOf(changed), isPaused, 60_000, "the pause"),
  );
  await undisturbed(
    () => strait.send("POST", `/links/${link}/mappings/changed/resume`),
    () => moving(changed),
  );
  await expectWhole([...others, changed]);
});

test("a mapping that is resumed before its pause is over goes on", async () => {
  await add();
  await moving(changed);
  await undisturbed(
    async () => {
      await strait.send("POST", `/links/${link}/mappings/changed/pause`);
      await strait.send("POST", `/links/${link}/mappings/changed/resume`);
    },
    () => moving(changed),
  );
  await expectWhole([...others, changed]);
});

test("changing the filters of a mapping", async () => {
  await add();
  await moving(changed);
  const dropping = { use: "drop-records", options: { when: [{ header: "none", equals: "none" }] } };
  const digest = () => strait.control.supervisor.snapshot(link)?.status?.filterDigests["changed"];
  const before = digest();
  await undisturbed(
    () => strait.send("PATCH", `/links/${link}/mappings/changed`, { filters: [dropping] }),
    async () => {
      await until(
        async () => digest(),
        (now) => now !== undefined && now !== before,
        60_000,
        "the new filters",
      );
      await moving(changed);
    },
  );
  await expectWhole([...others, changed]);
});

test("removing a mapping, which copies no more then", async () => {
  await add();
  await moving(changed);
  await undisturbed(
    () => strait.send("DELETE", `/links/${link}/mappings/changed`),
    () =>
      until(
        async () => partitionsOf(changed),
        ({ length }) => length === 0,
        60_000,
        "the removal",
      ),
  );
  const copied = await readTopic(brokers.west, changed);
  await Promise.all(others.map((topic) => moving(topic)));
  await expectWhole(others);
  expect(await readTopic(brokers.west, changed)).toEqual(copied);
});

/** What arrives is what was there: every kind of record, topic and start, over restarts and several instances. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPartitionsV3 } from "@platformatic/kafka";
import { groupOf, offsetTopicOf } from "../../src/model/progress.ts";
import type { KafkaRecord } from "../../src/model/record.ts";
import { clientOf, type DisposableClient } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic, readTopicUntil } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import type { Compression, TestRecord } from "../support/record-batch.ts";
import { createNamedTopic, createTopic, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";
import { withBroker } from "../support/wire.ts";
import { Strait, type StraitOptions, until } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const LINK = uniqueName("fidelity");
const text = new TextDecoder();

let brokers: TestClusters;
let east: DisposableClient;
let west: DisposableClient;
let strait: Strait;
beforeAll(async () => {
  brokers = await clusters();
  east = clientOf(brokers.east.bootstrap);
  west = clientOf(brokers.west.bootstrap);
  strait = await started();
  await strait.send("POST", "/links", { name: LINK, source: "east", destination: "west" });
});
afterAll(() => Promise.all([strait.close(), east.close(), west.close()]));

async function started(options: StraitOptions = {}): Promise<Strait> {
  const instance = await Strait.start(options);
  await instance.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
  return instance;
}

/** Adds a mapping of this topic to the link all tests share. */
async function map(source: string, mapping: Record<string, unknown> = {}): Promise<void> {
  await strait.send("POST", `/links/${LINK}/mappings`, { source, mode: "append", ...mapping });
}

/** Waits until everything committed at the source is acknowledged at the destination. */
async function caughtUp(source: string, instance = strait, link = LINK): Promise<void> {
  const partitions = Array.from({ length: (await east.partitionCount(source)) ?? 0 }, (_, partition) => partition);
  const ends = (await east.partitionOffsets(new Map([[source, partitions]]))).get(source);
  const isEnd = ({ partition, nextOffset, sourceEndOffset }: { [name: string]: unknown }) =>
    nextOffset === ends?.get(partition as number)?.end && sourceEndOffset === nextOffset;
  await instance.lagUntil(link, (lag) => {
    const mine = lag.partitions.filter(({ topic }) => topic === source);
    return mine.length === partitions.length && mine.every((each) => isEnd({ ...each }));
  });
}

/** What a reader can tell of a record beside where it lies. */
const content = ({ key, value, headers, timestamp }: KafkaRecord) => ({ key, value, headers, timestamp });

async function expectSame(source: string, destination: string): Promise<void> {
  const [before, after] = await Promise.all([readTopic(brokers.east, source), readTopic(brokers.west, destination)]);
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [partition, records] of before) {
    expect((after.get(partition) ?? []).map(content)).toEqual(records.map(content));
  }
}

const values = (records: readonly KafkaRecord[] | undefined) =>
  (records ?? []).map(({ value }) => text.decode(value ?? new Uint8Array()));
const numbered = (from: number, count: number, partitions: number): TestRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    partition: (from + index) % partitions,
    key: `key ${from + index}`,
    value: `value ${from + index}`,
  }));

describe("records keep", () => {
  /** Copies these records and compares all there is to see of them. */
  async function expectKept(records: readonly TestRecord[], configs: Record<string, string> = {}): Promise<void> {
    const topic = await createTopic(brokers.east, "kept", { configs });
    await createNamedTopic(brokers.west, topic, { configs });
    await produce(brokers.east, topic, records);
    await map(topic);
    await caughtUp(topic);
    await expectSame(topic, topic);
    expect((await readTopic(brokers.west, topic)).get(0)).toHaveLength(records.length);
  }

  test("their keys: none, empty, binary", async () => {
    const binary = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await expectKept([null, "", "key", binary].map((key) => ({ key, value: "value" })));
  });

  test("their values: tombstones, empty, binary", async () => {
    const binary = Uint8Array.from({ length: 256 }, (_, byte) => 255 - byte);
    await expectKept([null, "", "value", binary].map((value) => ({ key: "key", value })));
  });

  test("their headers: order, repeated names, empty and missing values, odd names", async () => {
    await expectKept([
      {
        value: "many",
        headers: [
          ["b", "1"],
          ["a", "2"],
          ["b", "1"],
          ["b", null],
          ["", ""],
          ["ü 😀", new Uint8Array([0, 255])],
        ],
      },
      { value: "none" },
    ]);
  });

  test("their timestamps: old, of the epoch's second millisecond, of the future", async () => {
    const day = 86_400_000;
    const now = Date.now();
    const timestamps = [now - 4000 * day, 1, now + day / 48, now];
    await expectKept(
      timestamps.map((timestamp) => ({ value: String(timestamp), timestamp })),
      { "retention.ms": "-1" },
    );
  });

  test("a megabyte of value", async () => {
    const large = new Uint8Array(1 << 20);
    for (let at = 0; at < large.length; at += 1 << 16) crypto.getRandomValues(large.subarray(at, at + (1 << 16)));
    await expectKept([{ value: "before" }, { value: large }, { value: large.toReversed() }, { value: "after" }], {
      "max.message.bytes": String(3 << 20),
    });
  });

  test.each<Compression>(["gzip", "snappy", "lz4", "zstd"])(
    "everything when the source is compressed by %s",
    async (compression) => {
      const topic = await createTopic(brokers.east, compression);
      await produce(brokers.east, topic, numbered(0, 500, 1), { compression });
      await map(topic);
      await caughtUp(topic);
      await expectSame(topic, topic);
    },
  );
});

test("only what was committed crosses, and the lag ends at 0 behind the markers", async () => {
  const topic = await createTopic(brokers.east, "transactions");
  const committed = await beginTransaction(brokers.east);
  const aborted = await beginTransaction(brokers.east);
  await committed.send(topic, [{ value: "committed 1" }]);
  await aborted.send(topic, [{ value: "aborted 1" }]);
  await committed.send(topic, [{ value: "committed 2" }]);
  await aborted.send(topic, [{ value: "aborted 2" }]);
  await map(topic);
  await aborted.abort();
  await committed.commit();
  await caughtUp(topic);
  expect(values((await readTopic(brokers.west, topic)).get(0))).toEqual(["committed 1", "committed 2"]);

  // While a transaction is open nothing behind it crosses; what is aborted never does.
  const open = await beginTransaction(brokers.east);
  await open.send(topic, [{ value: "aborted 3" }]);
  await produce(brokers.east, topic, [{ value: "plain" }]);
  await open.abort();
  await caughtUp(topic);
  expect(values((await readTopic(brokers.west, topic)).get(0))).toEqual(["committed 1", "committed 2", "plain"]);
  const { partitions } = await strait.lag(LINK);
  expect(partitions.find((each) => each.topic === topic)).toMatchObject({ lagRecords: 0, lagMs: 0, nextOffset: 9 });
});

describe("a destination with fewer partitions", () => {
  /** From Kafka's own test of its hash (UtilsTest.testMurmur2). */
  const MURMUR2 = {
    "21": -973932308,
    foobar: -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  };
  const SOURCE_PARTITIONS = 4;
  const PARTITIONS = 3;

  test("gets records by the hash of their key as Java clients do, exactly once over restarts", async () => {
    const topic = await createTopic(brokers.east, "wide", { partitions: SOURCE_PARTITIONS });
    await createNamedTopic(brokers.west, topic, { partitions: PARTITIONS });
    const keys = [...Object.keys(MURMUR2), null];
    const round = (name: string) =>
      Array.from({ length: 40 * keys.length }, (_, index): TestRecord => {
        const key = keys[index % keys.length] ?? null;
        return { partition: index % SOURCE_PARTITIONS, key, value: `${name} ${index}` };
      });
    const rounds = [round("first"), round("second")];
    await produce(brokers.east, topic, rounds[0] ?? []);
    await map(topic);
    await caughtUp(topic);
    expect(strait.killRunner(LINK)).toBe(true);
    await produce(brokers.east, topic, rounds[1] ?? []);
    await caughtUp(topic);

    const copied = await readTopic(brokers.west, topic);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const belongs = ({ key, partition: from }: TestRecord) =>
        partition ===
        (typeof key === "string" ? MURMUR2[key as keyof typeof MURMUR2] & 0x7fffffff : (from ?? 0)) % PARTITIONS;
      const expected = rounds.flat().filter(belongs);
      for (let from = 0; from < SOURCE_PARTITIONS; from++) {
        const fromHere = expected.filter((record) => record.partition === from).map(({ value }) => value as string);
        const all = new Set(fromHere);
        expect(values(copied.get(partition)).filter((value) => all.has(value))).toEqual(fromHere);
      }
      expect(copied.get(partition)).toHaveLength(expected.length);
    }
    const helper = offsetTopicOf(topic);
    expect(await west.partitionCount(helper)).toBe(SOURCE_PARTITIONS);
    const offsets = await west.committedOffsets(groupOf(LINK), new Map([[helper, [0, 1, 2, 3]]]));
    expect([...(offsets.get(helper)?.values() ?? [])].map((committed) => committed?.offset)).toEqual([
      140, 140, 140, 140,
    ]);
  });
});

test("a destination with more partitions gets the same numbers", async () => {
  const topic = await createTopic(brokers.east, "narrow", { partitions: 2 });
  await createNamedTopic(brokers.west, topic, { partitions: 5 });
  await produce(brokers.east, topic, numbered(0, 100, 2));
  await map(topic);
  await caughtUp(topic);
  const [before, after] = await Promise.all([readTopic(brokers.east, topic), readTopic(brokers.west, topic)]);
  for (const partition of [0, 1]) expect(values(after.get(partition))).toEqual(values(before.get(partition)));
  for (const partition of [2, 3, 4]) expect(after.get(partition)).toEqual([]);
});

test("a missing destination topic is created under the mapping's name for it, with the source's partitions", async () => {
  const topic = await createTopic(brokers.east, "renamed", { partitions: 3 });
  await produce(brokers.east, topic, numbered(0, 30, 3));
  await map(topic, { destination: "eu.{topic}" });
  await caughtUp(topic);
  await expectSame(topic, `eu.${topic}`);
  expect(await west.partitionCount(topic)).toBeNull();
});

test("start latest copies what comes after the mapping, also when the runner is killed right after", async () => {
  const topic = await createTopic(brokers.east, "latest");
  await produce(brokers.east, topic, [{ value: "before" }]);
  await map(topic, { start: "latest" });
  await strait.lagUntil(LINK, ({ partitions }) =>
    partitions.some((each) => each.topic === topic && each.nextOffset === 1 && each.state === "running"),
  );
  expect(strait.killRunner(LINK)).toBe(true);
  await produce(brokers.east, topic, [{ value: "after" }]);
  await caughtUp(topic);
  expect(values((await readTopic(brokers.west, topic)).get(0))).toEqual(["after"]);
});

test("start at a time copies from the first record that is as young", async () => {
  const topic = await createTopic(brokers.east, "since", { partitions: 2 });
  const time = Date.now() - 3_600_000;
  const at = (partition: number, timestamp: number): TestRecord => ({
    partition,
    value: `${timestamp - time}`,
    timestamp,
  });
  await produce(brokers.east, topic, [at(0, time - 1), at(0, time), at(0, time + 1), at(1, time - 2), at(1, time - 1)]);
  await map(topic, { start: { timestamp: new Date(time).toISOString() } });
  await caughtUp(topic);
  const copied = await readTopic(brokers.west, topic);
  expect([values(copied.get(0)), values(copied.get(1))]).toEqual([["0", "1"], []]);
});

test("partitions that the source topic gets later are copied too", async () => {
  const topic = await createTopic(brokers.east, "growing");
  await produce(brokers.east, topic, numbered(0, 10, 1));
  await map(topic);
  await caughtUp(topic);
  await withBroker(brokers.east, (connection) =>
    createPartitionsV3.api.async(connection, [{ name: topic, count: 2, assignments: null }], 10_000, false),
  );
  await until(
    () => east.partitionCount(topic),
    (count) => count === 2,
    10_000,
    `the partitions of ${topic}`,
  );
  await until(
    () => produce(brokers.east, topic, [{ partition: 1, value: "new" }]).catch(() => null),
    (offsets) => offsets !== null,
    10_000,
    "a record in the new partition",
  );
  await produce(brokers.east, topic, [{ partition: 0, value: "old" }]);
  const isWhole = (copied: ReadonlyMap<number, readonly KafkaRecord[]>) => [...copied.values()].flat().length >= 12;
  const copied = await readTopicUntil(brokers.west, topic, isWhole, { timeoutMs: 40_000 });
  const sources = numbered(0, 10, 1).map(({ value }) => value as string);
  expect(values([...copied.values()].flat()).toSorted()).toEqual([...sources, "new", "old"].toSorted());
});

test("without transactions nothing is lost when the runner is killed, and order is kept", async () => {
  const topic = await createTopic(brokers.east, "at-least-once", { partitions: 2 });
  await map(topic, { transaction: "off" });
  const rounds = Array.from({ length: 4 }, (_, round) => numbered(round * 5000, 5000, 2));
  for (const [index, round] of rounds.entries()) {
    await produce(brokers.east, topic, round);
    await strait.lagUntil(LINK, ({ partitions }) => {
      const mine = partitions.filter((each) => each.topic === topic);
      return mine.length === 2 && mine.every(({ nextOffset }) => (nextOffset ?? 0) > index * 2500);
    });
    if (index < 3) expect(strait.killRunner(LINK)).toBe(true);
  }
  await caughtUp(topic);
  const copied = await readTopic(brokers.west, topic);
  for (const partition of [0, 1]) {
    const expected = rounds.flat().filter((record) => record.partition === partition);
    // A repeated stretch begins again somewhere before: leaving out what was there already gives the source.
    expect([...new Set(values(copied.get(partition)))]).toEqual(expected.map(({ value }) => value as string));
  }
});

describe("instances of strait", () => {
  const PARTITIONS = 4;

  async function addLink(instance: Strait, link: string, topic: string): Promise<void> {
    const mappings = [{ source: topic, name: "shared", mode: "append" }];
    await instance.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  }

  /** What an instance's runner says it copies. */
  const partitionsOf = (instance: Strait, link: string) =>
    (instance.control.supervisor.snapshot(link)?.status?.partitions ?? []).map(({ partition }) => partition);

  async function expectOnce(topic: string, records: readonly TestRecord[]): Promise<void> {
    const copied = await readTopic(brokers.west, topic);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const expected = records.filter((record) => record.partition === partition).map(({ value }) => value as string);
      expect(values(copied.get(partition))).toEqual(expected);
    }
  }

  test("need nothing of each other's state: another one goes on where the first was cut off", async () => {
    const topic = await createTopic(brokers.east, "moved", { partitions: PARTITIONS });
    const link = uniqueName("moved");
    const records = numbered(0, 40_000, PARTITIONS);
    await produce(brokers.east, topic, records.slice(0, 20_000));
    const first = await started();
    await addLink(first, link, topic);
    await first.lagUntil(link, ({ partitions }) => partitions.some(({ nextOffset }) => (nextOffset ?? 0) > 0));
    first.killRunner(link);
    await first.close();

    await produce(brokers.east, topic, records.slice(20_000));
    const second = await started();
    await addLink(second, link, topic);
    await caughtUp(topic, second, link);
    await expectOnce(topic, records);
    await second.close();
  });

  test("share a link's partitions and copy each record once, also when one freezes and wakes up later", async () => {
    const topic = await createTopic(brokers.east, "shared", { partitions: PARTITIONS });
    const link = uniqueName("shared");
    const records = numbered(0, 60_000, PARTITIONS);
    // Long enough that frozen runners are thawed by the test and not killed by their supervisor.
    const instances = await Promise.all([started({ heartbeatTimeoutMs: 120_000 }), started()]);
    const [one, other] = instances;
    for (const instance of instances) await addLink(instance, link, topic);
    const owned = async () => instances.map((instance) => partitionsOf(instance, link).toSorted());
    const isShared = (all: number[][]) => all.every(({ length }) => length > 0) && all.flat().length === PARTITIONS;
    await until(owned, isShared, 60_000, "the shared partitions");
    for (const instance of instances) {
      const { partitions } = await instance.lagUntil(link, (lag) =>
        lag.partitions.every(({ state }) => state === "running"),
      );
      const own = partitionsOf(instance, link);
      for (const { partition, reason } of partitions) {
        const expected = own.includes(partition) ? null : "another strait of this link has it, at 127.0.0.1";
        expect([partition, reason]).toEqual([partition, expected]);
      }
    }

    const producing = produce(brokers.east, topic, records.slice(0, 20_000), { batchRecords: 200 });
    const moving = ({ partitions }: { partitions: readonly { nextOffset: number | null }[] }) =>
      partitions.some(({ nextOffset }) => (nextOffset ?? 0) > 200);
    await one.lagUntil(link, moving);
    const pid = one.control.supervisor.snapshot(link)?.pid as number;
    process.kill(pid, "SIGSTOP");
    try {
      await producing;
      await until(owned, ([, all]) => all?.length === PARTITIONS, 60_000, "the other instance to take over");
      await produce(brokers.east, topic, records.slice(20_000, 40_000));
      await caughtUp(topic, other, link);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await produce(brokers.east, topic, records.slice(40_000));
    await until(owned, isShared, 60_000, "the partitions to be shared again");
    expect(one.control.supervisor.snapshot(link)?.pid).toBe(pid);
    await caughtUp(topic, other, link);
    await expectOnce(topic, records);
    await Promise.all(instances.map((instance) => instance.close()));
  });
});

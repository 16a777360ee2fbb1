/** Mirrors on real brokers, right ones and wrong ones. They are made by writing the same to both clusters. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { validate } from "../../src/config/validate.ts";
import { Verification } from "../../src/control/verification-view.ts";
import type { Difference, PartitionVerification } from "../../src/model/verification.ts";
import type { ControlUnderTest } from "../control/control-under-test.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import type { TestCluster } from "../support/test-cluster.ts";
import { createNamedTopic, createTopic, type TopicOptions, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";
import { addLink, controlOf, verified } from "./verified.ts";

setDefaultTimeout(BROKER_TEST_MS);

const AT = Date.now() - 10_000;

let brokers: TestClusters;
let subject: ControlUnderTest;
beforeAll(async () => {
  brokers = await clusters();
  subject = await controlOf(brokers.east.bootstrap, brokers.west.bootstrap);
});
afterAll(() => subject[Symbol.asyncDispose]());

/** A topic of the same name on both clusters. */
async function topicOnBoth(options: TopicOptions = {}, onWest: TopicOptions = options): Promise<string> {
  const topic = uniqueName("mirrored");
  await createNamedTopic(brokers.east, topic, options);
  await createNamedTopic(brokers.west, topic, onWest);
  return topic;
}

/** Records that have everything a record can have. */
const records: readonly TestRecord[] = Array.from({ length: 40 }, (_, index) => ({
  partition: index % 2,
  key: index % 3 === 0 ? null : `key ${index}`,
  value: index % 5 === 0 ? null : `value ${index}`,
  headers: [
    ["trace", `${index}`],
    ["trace", null],
  ],
  timestamp: AT + index,
}));

/** A record that is committed, and behind it the marker that says so: two offsets, one of them without a record. */
async function writeBeforeHole(cluster: TestCluster, topic: string, record: TestRecord): Promise<void> {
  const transaction = await beginTransaction(cluster);
  await transaction.send(topic, [record]);
  await transaction.commit();
}

const plain = (value: string, key: string | null = null): TestRecord => ({ key, value, timestamp: AT });

/** The only partition of a verification that was done. */
async function onlyPartition(topic: string, mapping: object = {}): Promise<PartitionVerification> {
  const link = await addLink(subject, { source: topic, ...mapping });
  const { state, reason, partitions } = await verified(subject, link);
  expect({ state, reason }).toEqual({ state: "done", reason: null });
  expect(partitions).toHaveLength(1);
  return partitions[0] as PartitionVerification;
}

describe("a mirror without filters", () => {
  test("is clean where it is the same, as far as it has come, however batches are cut and compressed", async () => {
    const topic = await topicOnBoth({ partitions: 2 });
    await produce(brokers.east, topic, [...records, plain("not copied yet")], { batchRecords: 3, compression: "zstd" });
    await produce(brokers.west, topic, records, { batchRecords: 7 });
    const verification = await verified(subject, await addLink(subject, { source: topic }));
    const expected = { mapping: topic, topic, destinationTopic: topic, from: 0, to: 20, records: 20, differences: 0 };
    expect(validate(Verification, verification)).toMatchObject({ ok: true });
    expect(verification).toMatchObject({
      state: "done",
      reason: null,
      clean: true,
      progress: { offsets: 40, of: 40 },
      partitions: [
        { ...expected, partition: 0, firstDifferences: [], compacted: 0 },
        { ...expected, partition: 1 },
      ],
    });
    for (const { sourceDigest, destinationDigest } of verification.partitions) {
      expect(destinationDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(destinationDigest).toBe(sourceDigest);
    }
  });

  test.each<[Difference["kind"], Partial<TestRecord>]>([
    ["key", { key: "other" }],
    ["value", { value: "other" }],
    ["headers", { headers: [["trace", null]] }],
    ["timestamp", { timestamp: AT }],
  ])("with another %s somewhere is not, and it says where", async (kind, change) => {
    const topic = await topicOnBoth({ partitions: 2 });
    await produce(brokers.east, topic, records);
    await produce(brokers.west, topic, records.with(23, { ...(records[23] as TestRecord), ...change }));
    const { clean, partitions } = await verified(subject, await addLink(subject, { source: topic }));
    expect(clean).toBe(false);
    expect(partitions.map(({ differences, firstDifferences }) => [differences, firstDifferences])).toEqual([
      [0, []],
      [1, [{ offset: 11, kind }]],
    ]);
    expect(partitions[1]?.destinationDigest).not.toBe(partitions[1]?.sourceDigest as string);
  });

  test("says nothing of what the records hold", async () => {
    const topic = await topicOnBoth();
    await produce(brokers.east, topic, [plain("secret of the source", "secret key")]);
    await produce(brokers.west, topic, [plain("secret of the mirror", "other secret")]);
    const verification = await verified(subject, await addLink(subject, { source: topic }));
    expect(verification.clean).toBe(false);
    expect(JSON.stringify(verification)).not.toContain("secret");
  });

  test("with a record more than its source, in a hole or behind the end, is not", async () => {
    const topic = await topicOnBoth();
    await writeBeforeHole(brokers.east, topic, plain("a"));
    await produce(brokers.east, topic, [plain("b")]);
    await produce(brokers.west, topic, [plain("a"), plain("foreign"), plain("b"), plain("foreign")]);
    expect(await onlyPartition(topic)).toMatchObject({
      to: 4,
      records: 2,
      differences: 2,
      firstDifferences: [
        { offset: 1, kind: "unexpected" },
        { offset: 3, kind: "unexpected" },
      ],
    });
  });

  test("of a transactional source has what was committed and nothing else", async () => {
    const topic = await topicOnBoth();
    for (const cluster of [brokers.east, brokers.west]) {
      await writeBeforeHole(cluster, topic, plain("a"));
      const transaction = await beginTransaction(cluster);
      // What was aborted is seen by nobody, so it needs not be the same.
      await transaction.send(topic, [plain(cluster === brokers.east ? "aborted" : "filler")]);
      await transaction.abort();
      await produce(cluster, topic, [plain("b")]);
    }
    expect(await onlyPartition(topic)).toMatchObject({ from: 0, to: 5, records: 2, differences: 0 });
  });

  test("with an aborted record is not", async () => {
    const topic = await topicOnBoth();
    const transaction = await beginTransaction(brokers.east);
    await transaction.send(topic, [plain("aborted")]);
    await transaction.abort();
    await produce(brokers.west, topic, [plain("aborted"), plain("foreign")]);
    const kind = "unexpected";
    expect((await onlyPartition(topic)).firstDifferences).toEqual([
      { offset: 0, kind },
      { offset: 1, kind },
    ]);
  });

  test("is verified only in the partition and range that were asked for", async () => {
    const topic = await topicOnBoth({ partitions: 2 });
    await produce(brokers.east, topic, records);
    await produce(brokers.west, topic, records.with(23, plain("other")).with(1, { ...plain("other"), partition: 1 }));
    const link = await addLink(subject, { source: topic });
    const { partitions, clean } = await verified(subject, link, { mapping: topic, partition: 1, from: 1, to: 11 });
    expect(clean).toBe(true);
    expect(partitions).toMatchObject([{ partition: 1, from: 1, to: 11, records: 10 }]);
  });

  test("that is not there fails the verification, which says so", async () => {
    const topic = await createTopic(brokers.east, "unmirrored");
    const link = await addLink(subject, { source: topic });
    const { state, reason, clean } = await verified(subject, link);
    expect({ state, clean }).toEqual({ state: "failed", clean: null });
    expect(reason).toBe(`cluster west (${brokers.west.bootstrap}) has no topic ${topic}`);
  });

  test("with fewer partitions than its source fails the verification, which says so", async () => {
    const topic = await topicOnBoth({ partitions: 2 }, { partitions: 1 });
    const { reason } = await verified(subject, await addLink(subject, { source: topic }));
    expect(reason).toContain(`cluster west (${brokers.west.bootstrap}) has no partition ${topic}/1`);
  });
});

describe("a mirror with filters", () => {
  const redact = { filters: [{ use: "redact", options: { keep: ["$.id"] } }] };
  const picky = { filters: [{ use: "./filters/picky.ts" }], onFailure: "quarantine" };

  test("is clean where it has what the filters leave", async () => {
    const topic = await topicOnBoth();
    const headers = [["trace", "1"]] as const;
    await produce(brokers.east, topic, [{ ...plain('{"id":1,"email":"a@b"}', "k"), headers }, plain('{"id":2}')]);
    await produce(brokers.west, topic, [{ ...plain('{"id":1}', "k"), headers }, plain('{"id":2}')]);
    expect(await onlyPartition(topic, redact)).toMatchObject({ records: 2, differences: 0 });
  });

  test("is not where something crossed unfiltered", async () => {
    const topic = await topicOnBoth();
    const both = [plain('{"id":1,"email":"a@b"}'), plain('{"id":2}')];
    await produce(brokers.east, topic, both);
    await produce(brokers.west, topic, both);
    const { firstDifferences } = await onlyPartition(topic, redact);
    expect(firstDifferences).toEqual([{ offset: 0, kind: "value" }]);
  });

  test.each([
    ["a filter fails on", "poison", picky],
    ["a filter fails on and which stops the partition", "poison", { ...picky, onFailure: "stop" }],
    ["a built-in filter cannot read", "no JSON", { ...redact, onFailure: "quarantine" }],
  ])("must not have a record that %s", async (_title, value, mapping) => {
    const topic = await topicOnBoth();
    const [before, after] = mapping.filters === redact.filters ? ['{"id":1}', '{"id":1}'] : ["a", "a, seen"];
    await produce(brokers.east, topic, [plain(before), plain(value), plain(before)]);
    await writeBeforeHole(brokers.west, topic, plain(after));
    await produce(brokers.west, topic, [plain(after)]);
    expect(await onlyPartition(topic, mapping)).toMatchObject({ to: 3, records: 2, differences: 0 });

    const wrong = await topicOnBoth();
    await produce(brokers.east, wrong, [plain(before), plain(value)]);
    await produce(brokers.west, wrong, [plain(after), plain(value)]);
    expect(await onlyPartition(wrong, mapping)).toMatchObject({
      records: 1,
      firstDifferences: [{ offset: 1, kind: "unexpected" }],
    });
  });

  test("must not have a record that a filter drops", async () => {
    const drop = { filters: [{ use: "drop-records", options: { when: [{ header: "test", equals: "1" }] } }] };
    const dropped: TestRecord = { ...plain("dropped"), headers: [["test", "1"]] };
    const topic = await topicOnBoth();
    await produce(brokers.east, topic, [plain("a"), dropped, plain("b"), dropped]);
    await writeBeforeHole(brokers.west, topic, plain("a"));
    await produce(brokers.west, topic, [plain("b"), dropped]);
    expect(await onlyPartition(topic, drop)).toMatchObject({
      to: 4,
      records: 2,
      differences: 1,
      firstDifferences: [{ offset: 3, kind: "unexpected" }],
    });
  });
});

describe("a mirror of a compacted topic", () => {
  let broker: KafkaCluster | null = null;
  afterAll(() => broker?.close());

  test("may have what the source has lost to compaction; one of another topic may not", async () => {
    const found: Record<string, PartitionVerification> = {};
    for (const policy of ["compact,delete", "delete"]) {
      const topic = await topicOnBoth({ configs: { "cleanup.policy": policy } });
      await writeBeforeHole(brokers.east, topic, plain("1", "a"));
      await produce(brokers.east, topic, [plain("2", "b")]);
      await produce(brokers.west, topic, [plain("1", "a"), plain("1", "b"), plain("2", "b")]);
      found[policy] = await onlyPartition(topic);
    }
    expect(found["compact,delete"]).toMatchObject({ records: 2, differences: 0, compacted: 1 });
    expect(found["delete"]).toMatchObject({
      records: 2,
      differences: 1,
      firstDifferences: [{ offset: 1, kind: "unexpected" }],
      compacted: 0,
    });
  });

  test("is clean after a real cleaner was at the source, and not where a value differs", async () => {
    const cluster = await startKafka({ properties: { "log.cleaner.backoff.ms": "100" } });
    broker = cluster;
    const { west } = await clusters();
    await using own = await controlOf(cluster.bootstrap, west.bootstrap);
    const configs = { "cleanup.policy": "compact", "segment.ms": "100", "min.cleanable.dirty.ratio": "0.001" };
    const source = await createTopic(cluster, "cleaned", { configs });
    const destination = await createTopic(west, "mirror", { configs: { "cleanup.policy": "compact" } });
    const write = async (...content: TestRecord[]) => {
      await produce(cluster, source, content);
      await produce(west, destination, content);
    };
    const keys = ["a", "same", "b", "same", "same", "c", "same"];
    await write(...keys.map((key, index) => plain(`${index}`, key)));
    const deadline = Date.now() + 60_000;
    // Only what is behind a newer segment is cleaned, and a segment is as old as its records say.
    while ((await readTopic(cluster, source, { from: 0 })).get(0)?.[1]?.offset === 1) {
      if (Date.now() > deadline) throw new Error("the cleaner did not come within 60 s");
      await write({ ...plain("newest", "same"), timestamp: Date.now() });
      await Bun.sleep(100);
    }
    const link = await addLink(own, { source, destination });
    const [right] = (await verified(own, link)).partitions;
    expect(right?.compacted).toBeGreaterThan(0);
    expect(right).toMatchObject({ differences: 0, sourceDigest: right?.destinationDigest as string });

    await produce(cluster, source, [plain("one", "d")]);
    await produce(west, destination, [plain("two", "d")]);
    const [wrong] = (await verified(own, link)).partitions;
    expect(wrong?.firstDifferences.map(({ kind }) => kind)).toEqual(["value"]);
  });
});

/** Policies against running mappings: what they put in front, what they stop, and what goes on. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { KafkaRecord } from "../../src/model/record.ts";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { committedEnds, expectSameRecords, expectVerified, killed, logRanges, mirrored } from "./mirror/mirror-case.ts";
import { type Lag, type Strait, straitBetweenClusters, until } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
const REDACTED = '"gone"';

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const text = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString();
const redacted = (value: string) => value.replace(/"\d+@example.org"/, REDACTED);
const order = (id: number, email: string) => `{ "id":${id}, "email" : ${email} }`;
const replacing = (value: string) => ({
  filters: [{ use: "redact", options: { fields: [{ path: "$.email", action: "replace", value }] } }],
});

/** Writes orders to all partitions, and returns how many there are now. */
async function produceOrders(topic: string, from: number, count: number): Promise<number> {
  const ids = Array.from({ length: count }, (_, i) => from + i);
  await produce(
    brokers.east,
    topic,
    ids.map((id) => ({ partition: id % PARTITIONS, key: `${id}`, value: order(id, `"${id}@example.org"`) })),
  );
  return from + count;
}

async function addLink(topics: readonly string[], mapping: object = {}): Promise<string> {
  const link = uniqueName("policies");
  const mappings = topics.map((source) => ({ source, name: source, ...mapping }));
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  return link;
}

/** A policy for one topic of this test: others of the same strait go on as they were. */
async function putPolicy(topic: string, name: string, rule: unknown): Promise<void> {
  await strait.send("PUT", `/policies/${name}-${topic}`, { from: ["eu"], to: ["us"], topics: [topic], rule });
}

const of = (topic: string, { partitions }: Lag) => partitions.filter((each) => each.topic === topic);
const digestOf = (link: string, mapping: string) =>
  strait.control.supervisor.snapshot(link)?.status?.filterDigests[mapping];

const isStopped = (topic: string) => (lag: Lag) =>
  of(topic, lag).length === PARTITIONS && of(topic, lag).every(({ state }) => state === "failed");

test("filters of policies run before a mapping's own, in the order of names, whatever operators do", async () => {
  const topic = await createTopic(brokers.east, "policy-chain", { partitions: PARTITIONS });
  await putPolicy(topic, "b", {
    filters: [{ use: "drop-records", options: { when: [{ path: "$.email", equals: "a" }] } }],
  });
  await putPolicy(topic, "a", replacing("a"));
  await produceOrders(topic, 0, 100);
  const link = await addLink([topic]);
  await mirrored(strait, link, brokers.east, topic);
  // The first replaced all, so the second dropped all: nothing is there, and no value was seen by anybody.
  expect([...(await readTopic(brokers.west, topic)).values()].flat()).toEqual([]);

  // Paused, so that what is written meanwhile meets the filters of afterwards.
  const path = `/links/${link}/mappings/${topic}`;
  await strait.send("POST", `${path}/pause`);
  await strait.lagUntil(link, (lag) => of(topic, lag).every(({ state }) => state === "paused"));
  await strait.send("DELETE", `/policies/b-${topic}`);
  const own = { use: "redact", options: { fields: [{ path: "$.id", action: "drop" }] } };
  await strait.send("PATCH", path, { filters: [own], policyFilters: [] });
  await produceOrders(topic, 100, 100);
  await strait.send("POST", `${path}/resume`);
  await mirrored(strait, link, brokers.east, topic);
  const copied = [...(await readTopic(brokers.west, topic)).values()].flat();
  expect(copied.map(({ value }) => text(value))).toEqual(Array(100).fill('{ "email" : "a" }'));
  const evidence = await strait.send<{ mappings: object[] }>("GET", `/links/${link}/evidence`);
  expect(evidence.mappings).toMatchObject([{ policies: [{ name: `a-${topic}`, version: 1 }] }]);
});

test.each(["mirror", "append"])(
  "%s: a policy added while records flow is taken up in between two of them",
  async (mode) => {
    const topic = await createTopic(brokers.east, "policy-added", { partitions: PARTITIONS });
    const link = await addLink([topic], { mode });
    let written = await produceOrders(topic, 0, 1000);
    const plain = await until(
      async () => digestOf(link, topic),
      (digest) => digest !== undefined,
      60_000,
      "the mapping",
    );
    let put: Promise<void> | undefined;
    await until(
      async () => {
        written = await produceOrders(topic, written, 200);
        // Only once some of it has crossed.
        const { partitions } = await strait.lag(link);
        if (partitions.length === PARTITIONS && partitions.every(({ nextOffset }) => (nextOffset ?? 0) > 0)) {
          put ??= putPolicy(topic, "redact", replacing("gone"));
        }
        return digestOf(link, topic);
      },
      (digest) => digest !== undefined && digest !== plain && put !== undefined,
      60_000,
      "the filters of the policy",
    );
    await put;
    const since = await committedEnds(brokers.east, topic);
    written = await produceOrders(topic, written, 1000);
    await strait.lagUntil(link, ({ total, partitions }) => {
      const copied = partitions.reduce((sum, { nextOffset }) => sum + (nextOffset ?? 0), 0);
      return total.lagRecords === 0 && copied === written;
    });

    const source = await readTopic(brokers.east, topic);
    const copied = await readTopic(brokers.west, topic);
    for (const [partition, records] of source) {
      const found = (copied.get(partition) ?? []).map(({ value }) => text(value));
      const before = records.map(({ value }) => text(value));
      const after = before.map(redacted);
      const first = found.findIndex((each) => each.includes(REDACTED));
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThanOrEqual(since.get(partition) as number);
      expect(found).toEqual([...before.slice(0, first), ...after.slice(first)]);
    }
    if (mode === "mirror") {
      const from = Math.max(...since.values());
      await expectVerified(strait, link, from);
    }
  },
);

test("a mapping that a policy comes to deny stops with the reason, others go on, and allowed again it does too", async () => {
  const [denied, other] = (await Promise.all(
    ["policy-denied", "policy-other"].map((name) => createTopic(brokers.east, name, { partitions: PARTITIONS })),
  )) as [string, string];
  await putPolicy(denied, "guard", replacing("gone"));
  await produceOrders(denied, 0, 500);
  await produceOrders(other, 0, 500);
  const link = await addLink([denied, other]);
  await mirrored(strait, link, brokers.east, denied);

  await putPolicy(denied, "guard", "deny");
  const { partitions } = await strait.lagUntil(link, isStopped(denied));
  const reason = `policy guard-${denied} denies that topic ${denied} goes from region eu to us; it goes on by itself when the policies let it`;
  expect(partitions.filter((each) => each.topic === denied).map((each) => each.reason)).toEqual([reason, reason]);
  expect(await strait.link(link)).toMatchObject({ state: "degraded", reason: expect.stringContaining(reason) });

  const ends = await logRanges(brokers.west, denied);
  await produceOrders(denied, 500, 500);
  await produceOrders(other, 500, 500);
  await mirrored(strait, link, brokers.east, other);
  // Neither a new runner nor an operator who insists opens it.
  await killed(strait, link);
  await produceOrders(other, 1000, 500);
  await mirrored(strait, link, brokers.east, other);
  await strait.lagUntil(link, isStopped(denied));
  await strait.send("POST", `/links/${link}/mappings/${denied}/pause`);
  await strait.lagUntil(link, (lag) => of(denied, lag).every(({ state }) => state === "paused"));
  await strait.send("POST", `/links/${link}/mappings/${denied}/resume`);
  await strait.lagUntil(link, isStopped(denied));
  expect(await logRanges(brokers.west, denied)).toEqual(ends);

  await putPolicy(denied, "guard", replacing("gone"));
  await mirrored(strait, link, brokers.east, denied);
  const transform = (record: KafkaRecord) => ({ ...record, value: Buffer.from(redacted(text(record.value))) });
  expect(await expectSameRecords(brokers, denied, { transform })).toBe(1000);
  expect(await expectSameRecords(brokers, other)).toBe(1500);
  await expectVerified(strait, link);
});

test("a mapping that policies deny when the runner starts touches nothing at the destination", async () => {
  const topic = await createTopic(brokers.east, "policy-never", { partitions: PARTITIONS });
  await produceOrders(topic, 0, 100);
  const link = uniqueName("policies");
  const mappings = [{ source: topic, name: topic }];
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", paused: true, mappings });
  await putPolicy(topic, "never", "deny");
  await strait.send("POST", `/links/${link}/resume`);
  await strait.lagUntil(link, isStopped(topic));
  expect(await logRanges(brokers.west, topic)).toEqual(new Map());
  await strait.send("DELETE", `/policies/never-${topic}`);
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(100);
});

/** Mode append between clusters that ask who may do what: with the rights that docs/security.md names, and no others. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { readTopic, readTopicUntil } from "../support/consume.ts";
import type { GuardedKafka } from "../support/kafka/guarded-kafka.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createNamedTopic, createTopic } from "../support/topics.ts";
import { type GuardedClusters, straitBetweenGuardedClusters } from "./guarded-clusters.ts";
import type { Lag, Strait } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 2;
/** The variable that runners find the users' password in. */
const PASSWORD = "STRAIT_TEST_APPEND_RIGHTS_PASSWORD";

let brokers: GuardedClusters["brokers"];
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenGuardedClusters(PASSWORD));
});
afterAll(async () => {
  await strait.close();
  await Promise.all([brokers.east.close(), brokers.west.close()]);
});

const numbered = (count: number, from = 0): TestRecord[] =>
  Array.from({ length: count }, (_, index) => ({ partition: index % PARTITIONS, value: `order ${from + index}` }));

const isCopied = (records: number) => (lag: Lag) =>
  lag.total.lagRecords === 0 && lag.partitions.reduce((sum, { nextOffset }) => sum + (nextOffset ?? 0), 0) >= records;

async function valuesIn(cluster: GuardedKafka, topic: string): Promise<string[]> {
  const copied = [...(await readTopic(cluster, topic)).values()].flat();
  return copied.map(({ value }) => new TextDecoder().decode(value ?? undefined)).sort();
}

/** What every link in mode append needs on the source. */
async function grantSource(link: string, topic: string): Promise<void> {
  await brokers.east.grant("alice", "topic", topic, ["READ"]);
  await brokers.east.grant("alice", "group", `strait.${link}`, ["READ"]);
}

/** What every link in mode append needs on the destination. */
async function grantDestination(link: string, topic: string): Promise<void> {
  await brokers.west.grant("bob", "topic", topic, ["CREATE", "READ", "WRITE"]);
  await brokers.west.grant("bob", "topic", `${topic}.strait-offsets`, ["DESCRIBE"]);
  await brokers.west.grant("bob", "group", `strait.${link}`, ["READ"]);
}

async function append(topic: string, mapping: Record<string, unknown> = {}): Promise<void> {
  const mappings = [{ source: topic, name: "orders", mode: "append", ...mapping }];
  await strait.send("POST", "/links", { name: topic, source: "east", destination: "west", mappings });
}

describe("mode append", () => {
  test("says what it misses, and goes on exactly once when it has the rights", async () => {
    const topic = await createTopic(brokers.east, "rights", { partitions: PARTITIONS });
    await produce(brokers.east, topic, numbered(50));
    await append(topic);
    await strait.linkUntil(topic, ({ reason }) => /authoriz|right to/i.test(reason ?? ""));
    await grantSource(topic, topic);
    await grantDestination(topic, topic);
    await brokers.west.grant("bob", "transactionalId", `strait.${topic}.*`, ["WRITE"]);
    await strait.send("POST", `/links/${topic}/mappings/orders/pause`);
    await strait.send("POST", `/links/${topic}/mappings/orders/resume`);
    await strait.lagUntil(topic, isCopied(50));
    strait.killRunner(topic);
    await produce(brokers.east, topic, numbered(50, 50));
    await strait.lagUntil(topic, isCopied(100));
    const expected = Array.from({ length: 100 }, (_, index) => `order ${index}`).sort();
    expect(await valuesIn(brokers.west, topic)).toEqual(expected);
  });

  test("without transactions needs none on transactional ids", async () => {
    const topic = await createTopic(brokers.east, "plain", { partitions: PARTITIONS });
    await produce(brokers.east, topic, numbered(50));
    await grantSource(topic, topic);
    await grantDestination(topic, topic);
    await append(topic, { transaction: "off" });
    await strait.lagUntil(topic, isCopied(50));
    expect(await valuesIn(brokers.west, topic)).toHaveLength(50);
  });

  test("with filters also keeps its evidence, and with quarantine sets aside at the source", async () => {
    const topic = await createTopic(brokers.east, "filtered", { partitions: PARTITIONS });
    await produce(brokers.east, topic, [...numbered(20), { partition: 0, value: "poison" }, ...numbered(20, 20)]);
    await grantSource(topic, topic);
    await grantDestination(topic, topic);
    await brokers.west.grant("bob", "transactionalId", `strait.${topic}.*`, ["WRITE"]);
    await brokers.west.grant("bob", "topic", `strait.${topic}.evidence`, ["CREATE", "READ", "WRITE"]);
    await brokers.east.grant("alice", "topic", `${topic}.strait-quarantine`, ["CREATE", "WRITE"]);
    await append(topic, { filters: [{ use: "./filters/picky.ts", options: {} }], onFailure: "quarantine" });
    const { partitions } = await strait.lagUntil(topic, isCopied(41));
    expect(partitions.map(({ reason }) => reason)).toEqual([null, null]);
    expect(await valuesIn(brokers.west, topic)).toHaveLength(40);
    await readTopicUntil(
      brokers.east,
      `${topic}.strait-quarantine`,
      (records) => [...records.values()].flat().length === 1,
    );
    expect(await strait.evidence(topic)).toMatchObject({ read: 41, replaced: 40, quarantined: 1 });
  });

  test("into fewer partitions needs the topic beside it that carries the offsets", async () => {
    const topic = await createTopic(brokers.east, "fewer", { partitions: PARTITIONS });
    await createNamedTopic(brokers.west, topic, { partitions: 1 });
    await produce(brokers.east, topic, numbered(30));
    await grantSource(topic, topic);
    await brokers.west.grant("bob", "topic", topic, ["READ", "WRITE"]);
    await brokers.west.grant("bob", "topic", `${topic}.strait-offsets`, ["CREATE", "READ"]);
    await brokers.west.grant("bob", "group", `strait.${topic}`, ["READ"]);
    await brokers.west.grant("bob", "transactionalId", `strait.${topic}.*`, ["WRITE"]);
    await append(topic);
    await strait.lagUntil(topic, isCopied(30));
    expect(await valuesIn(brokers.west, topic)).toHaveLength(30);
  });
});

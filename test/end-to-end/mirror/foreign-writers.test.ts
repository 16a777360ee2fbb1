/** Somebody else writes to a mirror: that partition stops, says so and stays so until an operator has the mirror made anew. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../../support/clusters.ts";
import { type ProduceOptions, produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic } from "../../support/topics.ts";
import { beginTransaction } from "../../support/transaction.ts";
import { Strait } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";
import { copyAnew, partitionUntil, restartRunner } from "./operator-actions.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let stateDirectory: string;
let strait: Strait;
beforeAll(async () => {
  brokers = await clusters();
  stateDirectory = await mkdtemp(join(tmpdir(), "strait-foreign-"));
  strait = await Strait.start({ stateDirectory });
  await strait.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
});
afterAll(async () => {
  await strait.close();
  await rm(stateDirectory, { recursive: true, force: true });
});

const PARTITIONS = 2;
const numbered = (count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({ partition: i % PARTITIONS, key: `k${i}`, value: `value ${i}` }));

interface Intrusion {
  readonly topic: string;
  /** Writes the foreign record to partition 0 of the mirror. */
  readonly intrude: () => Promise<unknown>;
}

/** Makes the foreign record appear at some moment; what comes after it at the source is to be there when this returns. */
const MOMENTS: Readonly<Record<string, (intrusion: Intrusion) => Promise<void>>> = {
  "while records come": async ({ topic, intrude }) => {
    let coming = true;
    const producing = (async () => {
      while (coming) await produce(brokers.east, topic, numbered(40), { batchRecords: 5 });
    })();
    await intrude();
    await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "diverged");
    coming = false;
    await producing;
  },
  "while nothing comes": async ({ topic, intrude }) => {
    await intrude();
    await produce(brokers.east, topic, numbered(40));
  },
  "while nothing comes, before a transaction": async ({ topic, intrude }) => {
    await intrude();
    const transaction = await beginTransaction(brokers.east);
    await transaction.send(topic, numbered(40));
    await transaction.abort();
  },
  "while strait is down": async ({ topic, intrude }) => {
    await strait.close();
    await intrude();
    await produce(brokers.east, topic, numbered(40));
    strait = await Strait.start({ stateDirectory });
  },
};

test.each<[keyof typeof MOMENTS, string, ProduceOptions]>([
  ["while records come", "a plain producer", {}],
  ["while records come", "an idempotent producer", { idempotent: true }],
  ["while nothing comes", "an idempotent producer", { idempotent: true }],
  ["while nothing comes, before a transaction", "a plain producer", {}],
  ["while strait is down", "a plain producer", {}],
  ["while strait is down", "an idempotent producer", { idempotent: true }],
])("a foreign record stops its partition and nothing else: %s, of %s", async (moment, _, options) => {
  const topic = await createTopic(brokers.east, "foreign", { partitions: PARTITIONS });
  const other = await createTopic(brokers.east, "other");
  await Promise.all([produce(brokers.east, topic, numbered(200)), produce(brokers.east, other, [{ value: "first" }])]);
  await addMirror(strait, topic, topic);
  await strait.send("POST", `/links/${topic}/mappings`, { source: other, name: "other" });
  await mirrored(strait, topic, brokers.east, topic);

  const intrude = () => produce(brokers.west, topic, [{ value: "foreign" }], options);
  await MOMENTS[moment]?.({ topic, intrude });
  const isDiverged = ({ state }: { state: string }) => state === "diverged";
  const { reason } = await partitionUntil(strait, topic, topic, 0, isDiverged);
  expect(reason).toContain(`somebody else has written to the mirror ${topic}/0`);
  expect(reason).toContain("pause the mapping, delete the topic at the destination and resume");

  await restartRunner(strait, topic);
  await partitionUntil(strait, topic, topic, 0, isDiverged);
  const [next] = await produce(brokers.east, topic, [{ partition: 1, value: "after" }]);
  await produce(brokers.east, other, [{ value: "second" }]);
  await partitionUntil(strait, topic, topic, 1, ({ nextOffset }) => nextOffset === (next ?? 0) + 1);
  await mirrored(strait, topic, brokers.east, other);
  await partitionUntil(strait, topic, topic, 0, isDiverged);

  await copyAnew(strait, topic, brokers.west, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);
  await strait.send("DELETE", `/links/${topic}`);
});

/** A mirror under fire: its runner is killed again and again while transactions come, end and are aborted. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { beginTransaction } from "../../support/transaction.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS * 2);

const PARTITIONS = 4;
const KILLS = 20;

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

test("every record is at its offset once while the runner is killed twenty times", async () => {
  const topic = await createTopic(brokers.east, "mirror-kills", { partitions: PARTITIONS });
  const link = uniqueName("kills");
  const record = (id: number): TestRecord => ({ partition: id % PARTITIONS, key: `k${id}`, value: `value ${id}` });
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => record(from + i));
  await produce(brokers.east, topic, range(0, 40_000), { compression: "lz4", batchRecords: 100 });
  await addMirror(strait, link, topic);

  let producing = true;
  const produced = (async () => {
    for (let id = 40_000; producing; id += 400) {
      await produce(brokers.east, topic, range(id, 200), { batchRecords: 20 });
      const transaction = await beginTransaction(brokers.east);
      await transaction.send(topic, range(id + 200, 200));
      await (id % 1200 === 0 ? transaction.abort() : transaction.commit());
    }
  })();
  for (let kills = 0; kills < KILLS; ) {
    await strait.lagUntil(link, ({ partitions }) => partitions.some(({ state }) => state === "running"));
    // Somewhere between opening the partitions and keeping up.
    await Bun.sleep(Math.random() * 400);
    if (strait.killRunner(link)) kills++;
  }
  producing = false;
  await produced;
  await mirrored(strait, link, brokers.east, topic);
  const records = await expectSameRecords(brokers, topic);
  await expectVerified(strait, link);
  const evidence = await strait.evidence(link);
  expect(evidence).toMatchObject({ read: records, kept: records, replaced: 0, expired: 0 });
});

/** A mirror of transactions: what was committed is there, what was aborted and what is still open is not. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { beginTransaction, type Transaction } from "../../support/transaction.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, committedEnds, expectSameRecords, expectVerified, logRanges, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 4;

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const range = (name: string, count: number, partitions = PARTITIONS) =>
  Array.from(
    { length: count },
    (_, i): TestRecord => ({ partition: i % partitions, key: `${i}`, value: `${name} ${i}` }),
  );

test("of producers at the same time, of whose transactions 30 % are aborted, what was committed is there", async () => {
  const topic = await createTopic(brokers.east, "mirror-aborts", { partitions: PARTITIONS });
  const link = uniqueName("aborts");
  await addMirror(strait, link, topic);
  const rounds = Array.from({ length: 50 }, (_, round) => round);
  const producer = async (name: string) => {
    for (const round of rounds) {
      const transaction = await beginTransaction(brokers.east);
      for (let part = 0; part < 3; part++) await transaction.send(topic, range(`${name} ${round} ${part}`, 40));
      await (round % 10 < 3 ? transaction.abort() : transaction.commit());
    }
  };
  const plain = async () => {
    for (const round of rounds) await produce(brokers.east, topic, range(`plain ${round}`, 20), { compression: "lz4" });
  };
  await Promise.all([producer("a"), producer("b"), producer("c"), plain()]);
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(3 * 35 * 3 * 40 + 50 * 20);
  await expectVerified(strait, link);
});

test("a transaction of 300,000 records is there once it is committed, one that is aborted never", async () => {
  const topic = await createTopic(brokers.east, "mirror-large-transaction", { partitions: PARTITIONS });
  const link = uniqueName("large");
  await addMirror(strait, link, topic);
  for (const end of ["commit", "abort", "commit"] as const) {
    const transaction = await beginTransaction(brokers.east);
    const chunk = range(end, 20_000);
    for (let sent = 0; sent < 300_000; sent += chunk.length) await transaction.send(topic, chunk);
    await transaction[end]();
  }
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(600_000);
  await expectVerified(strait, link);
});

test.each([
  ["committed", (open: Transaction) => open.commit(), 101],
  ["aborted", (open: Transaction) => open.abort(), 81],
] as const)("nothing from behind an open transaction crosses before it is %s", async (_, end, records) => {
  const topic = await createTopic(brokers.east, "mirror-open", { partitions: 2 });
  const link = uniqueName("open");
  const both = (name: string) => range(name, 40, 2);
  await produce(brokers.east, topic, both("before"));
  const open = await beginTransaction(brokers.east);
  await open.send(topic, range("open", 20, 1));
  await produce(brokers.east, topic, both("behind"));
  await addMirror(strait, link, topic);
  await mirrored(strait, link, brokers.east, topic);
  await produce(brokers.east, topic, [{ partition: 1, value: "last" }]);
  // What was written to the other partition after all of this has crossed, so this one had its time.
  await mirrored(strait, link, brokers.east, topic);
  expect((await committedEnds(brokers.east, topic)).get(0)).toBe(20);
  expect((await logRanges(brokers.west, topic)).get(0)?.end).toBe(20);
  await expectVerified(strait, link);
  await end(open);
  await mirrored(strait, link, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic)).toBe(records);
  await expectVerified(strait, link);
});

import { expect, setDefaultTimeout, test } from "bun:test";
import { coordinatorOf } from "../../src/wire/coordinator.ts";
import { appendEmptyTransaction, type EmptyTransaction } from "../../src/wire/empty-transaction.ts";
import { initProducerId } from "../../src/wire/init-producer-id.ts";
import { retryFor } from "../../src/wire/retry.ts";
import { type BrokerAccess, brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const TIMEOUT_MS = 30_000;

/** What it takes to append empty transactions to partition 0 of a topic. */
async function transactionsIn(access: BrokerAccess, topic: string) {
  const transactionalId = uniqueName("holes");
  return await retryFor(TIMEOUT_MS, "west", async () => {
    const coordinator = await coordinatorOf(access.connections, "transactional id", transactionalId);
    const producer = await initProducerId(coordinator, transactionalId, 60_000);
    const transaction: EmptyTransaction = { transactionalId, producer, topic, partition: 0, timeoutMs: TIMEOUT_MS };
    return { coordinator, leader: await access.leaderOf(topic), transaction };
  });
}

test("an empty transaction moves the end of the log by exactly one, again and again, and no reader sees it", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "holes");
  const { coordinator, leader, transaction } = await transactionsIn(access, topic);
  await produce(west, topic, [{ value: "a" }]);
  const ends: number[] = [];
  for (let i = 0; i < 20; i++) ends.push(await appendEmptyTransaction(coordinator, leader, transaction));
  await produce(west, topic, [{ value: "b" }]);
  const read = [await readTopic(west, topic), await readTopic(west, topic, { isolation: "read_uncommitted" })];
  expect({ ends, read: read.map((records) => records.get(0)?.map(({ offset }) => offset)) }).toEqual({
    ends: Array.from({ length: 20 }, (_, i) => i + 2),
    read: [
      [0, 21],
      [0, 21],
    ],
  });
});

test("whoever takes the transactional id over shuts the one before out", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "holes");
  const { coordinator, leader, transaction } = await transactionsIn(access, topic);
  const newer = await initProducerId(coordinator, transaction.transactionalId, 60_000);
  const error = await failureOf(appendEmptyTransaction(coordinator, leader, transaction));
  expect({
    error,
    end: await appendEmptyTransaction(coordinator, leader, { ...transaction, producer: newer }),
  }).toMatchObject({
    error: { message: expect.stringContaining(`of ${transaction.transactionalId} in ${topic}/0: `), facts: { topic } },
    end: 1,
  });
});

test("a topic that does not exist is refused", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const { coordinator, leader, transaction } = await transactionsIn(access, await createTopic(west, "holes"));
  const elsewhere = { ...transaction, topic: uniqueName("missing") };
  expect((await failureOf(appendEmptyTransaction(coordinator, leader, elsewhere))).code).toBe("unknown-topic");
});

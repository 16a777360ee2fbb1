/** Transactions: what is committed, what is not, and who may. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Producer } from "../../../src/rdkafka/producer.ts";
import type { PartitionOffset } from "../../../src/rdkafka/topic-partitions.ts";
import { clientOf } from "../../support/cluster-client.ts";
import { readTopicUntil } from "../../support/consume.ts";
import { failureOf } from "../../support/failure-of.ts";
import { produce } from "../../support/produce.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import type { BindingCase, BindingContext } from "./binding-case.ts";
import { openProducer } from "./open.ts";
import { withBatches } from "./transfer.ts";

const TIMEOUT_MS = 30_000;

export const transactionCases: readonly BindingCase[] = [
  {
    title: "a committed transaction shows its records",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "committed");
      using producer = await openTransactional(context, uniqueName("id"));

      producer.beginTransaction();
      await enqueue(context, producer, topic, ["a", "b"]);
      await producer.commitTransaction(TIMEOUT_MS);

      deepStrictEqual(await committedValues(context, topic, 2), ["a", "b"]);
    },
  },
  {
    title: "offsets and their metadata are committed with the transaction, and not before",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "committed", { partitions: 2 });
      const group = uniqueName("group");
      const metadata = `{"größe":"数","long":"${"x".repeat(3000)}"}`;
      using producer = await openTransactional(context, uniqueName("id"));
      const commit = async (offsets: readonly PartitionOffset[]) => {
        producer.beginTransaction();
        await producer.sendOffsets(group, offsets, TIMEOUT_MS);
        await producer.commitTransaction(TIMEOUT_MS);
      };

      await commit([
        { topic, partition: 0, offset: 5_000_000_000, metadata },
        { topic, partition: 1, offset: 0, metadata: "" },
      ]);

      deepStrictEqual(await committedOffsets(context, group, topic, [0, 1]), [
        { offset: 5_000_000_000, metadata },
        { offset: 0, metadata: "" },
      ]);
    },
  },
  {
    title: "a transaction without offsets' metadata and records commits the offset alone",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "committed");
      const group = uniqueName("group");
      using producer = await openTransactional(context, uniqueName("id"));

      producer.beginTransaction();
      await producer.sendOffsets(group, [{ topic, partition: 0, offset: 7 }], TIMEOUT_MS);
      await producer.commitTransaction(TIMEOUT_MS);

      deepStrictEqual(await committedOffsets(context, group, topic, [0]), [{ offset: 7, metadata: "" }]);
    },
  },
  {
    title: "one producer commits transaction after transaction",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "committed");
      using producer = await openTransactional(context, uniqueName("id"));

      for (const value of ["1", "2", "3", "4", "5"]) {
        producer.beginTransaction();
        await enqueue(context, producer, topic, [value]);
        await producer.commitTransaction(TIMEOUT_MS);
      }

      deepStrictEqual(await committedValues(context, topic, 5), ["1", "2", "3", "4", "5"]);
    },
  },
  {
    title: "a transaction left open by close is aborted by the next producer with its id",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "left-open");
      const id = uniqueName("id");
      const group = uniqueName("group");
      const first = await openTransactional(context, id);
      first.beginTransaction();
      await enqueue(context, first, topic, ["never", "seen"]);
      await first.sendOffsets(group, [{ topic, partition: 0, offset: 2 }], TIMEOUT_MS);
      const isolation = "read_uncommitted";
      await readTopicUntil(context.cluster, topic, (records) => records.get(0)?.length === 2, { isolation });
      first.close();

      using second = await openTransactional(context, id);
      second.beginTransaction();
      await enqueue(context, second, topic, ["seen"]);
      await second.commitTransaction(TIMEOUT_MS);

      deepStrictEqual(await committedValues(context, topic, 1), ["seen"]);
      deepStrictEqual(await committedOffsets(context, group, topic, [0]), [null]);
    },
  },
  {
    title: "a producer whose id was taken over in the middle of a transaction is fenced",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "fenced");
      const id = uniqueName("id");
      using first = await openTransactional(context, id);
      first.beginTransaction();
      await enqueue(context, first, topic, ["late"]);

      using _second = await openTransactional(context, id);
      const failure = await failureOf(first.commitTransaction(TIMEOUT_MS));

      strictEqual(failure.code, "fenced");
      deepStrictEqual(await committedValues(context, topic, 0), []);
    },
  },
  {
    title: "a producer whose id was taken over between two transactions is fenced in the next",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "fenced");
      const id = uniqueName("id");
      using first = await openTransactional(context, id);
      using _second = await openTransactional(context, id);

      first.beginTransaction();
      await enqueue(context, first, topic, ["late"]);
      const failure = await failureOf(first.commitTransaction(TIMEOUT_MS));

      strictEqual(failure.code, "fenced");
      deepStrictEqual(await committedValues(context, topic, 0), []);
    },
  },
  {
    title: "more producers than worker threads get their ids",
    run: async (context) => {
      const producers = Array.from({ length: 20 }, () => openProducer(context, { transactionalId: uniqueName("id") }));
      try {
        await Promise.all(producers.map((producer) => producer.initTransactions(TIMEOUT_MS)));
      } finally {
        for (const producer of producers) producer.close();
      }
    },
  },
];

async function openTransactional(context: BindingContext, transactionalId: string): Promise<Producer & Disposable> {
  const producer = openProducer(context, { transactionalId });
  await producer.initTransactions(TIMEOUT_MS);
  return producer;
}

/** Hands records with these values, from a topic of their own, to the producer. */
async function enqueue(context: BindingContext, producer: Producer, topic: string, values: string[]): Promise<void> {
  const source = await createTopic(context.cluster, "source");
  await produce(
    context.cluster,
    source,
    values.map((value) => ({ value })),
  );
  await withBatches(context, { topic: source, partition: 0 }, values.length, (batch) => {
    producer.enqueue(batch, null, { topic, hashedOver: null });
    batch.release();
  });
}

/** The committed values once there are `count`: brokers answer a commit before it shows. */
async function committedValues({ cluster }: BindingContext, topic: string, count: number): Promise<string[]> {
  const shown = await readTopicUntil(cluster, topic, (records) => (records.get(0)?.length ?? 0) >= count);
  return (shown.get(0) ?? []).map(({ value }) => String(value));
}

async function committedOffsets({ cluster }: BindingContext, group: string, topic: string, partitions: number[]) {
  await using client = clientOf(cluster.bootstrap);
  const offsets = await client.committedOffsets(group, new Map([[topic, partitions]]));
  return partitions.map((partition) => offsets.get(topic)?.get(partition) ?? null);
}

/** Copies of topics through the binding alone, for cases that look at what arrives. */

import type { Drop, Replace } from "../../../src/model/filter.ts";
import type { KafkaRecord } from "../../../src/model/record.ts";
import type { MessageBatch } from "../../../src/rdkafka/message-batch.ts";
import type { Destination, Producer } from "../../../src/rdkafka/producer.ts";
import { STATUS } from "../../../src/rdkafka/status.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, type TopicOptions } from "../../support/topics.ts";
import { type BindingContext, collectGarbage } from "./binding-case.ts";
import { openProducer, openReader } from "./open.ts";
import { nextBatch, until } from "./wait.ts";

export type Edit = (record: KafkaRecord) => Replace | Drop | null;

/** Copies records from a new topic to another new one with one partition and returns what is there. */
export async function roundTrip(
  context: BindingContext,
  records: readonly TestRecord[],
  edit: Edit | null = null,
  topicOptions: TopicOptions = {},
): Promise<readonly KafkaRecord[]> {
  const source = await createTopic(context.cluster, "source", topicOptions);
  const destination = await createTopic(context.cluster, "destination", topicOptions);
  await produce(context.cluster, source, records);
  await copyPartition(context, { topic: source, partition: 0, count: records.length }, destination, edit);
  return (await readTopic(context.cluster, destination)).get(0) ?? [];
}

/** Copies the first `count` records of a partition; resolves when they are acknowledged. */
export async function copyPartition(
  context: BindingContext,
  source: { readonly topic: string; readonly partition: number; readonly count: number },
  destination: string | Destination,
  edit: Edit | null = null,
): Promise<void> {
  const target = typeof destination === "string" ? { topic: destination, hashedOver: null } : destination;
  await withProducer(context, async (send) => {
    await withBatches(context, source, source.count, (batch) => {
      const edits = edit && Array.from({ length: batch.count }, (_, index) => edit(batch.record(index)));
      // What the filters made must outlive a collection until the bytes are handed over, and need not after that.
      collectGarbage();
      send(batch, edits, target);
      batch.release();
      collectGarbage();
    });
  });
}

/** Hands the batches of a partition to `use`, which releases them, until there were `count` records. */
export async function withBatches(
  context: BindingContext,
  partition: { readonly topic: string; readonly partition: number },
  count: number,
  use: (batch: MessageBatch) => void,
): Promise<void> {
  using reader = openReader(context);
  const open = reader.open({ topic: partition.topic, partition: partition.partition }, 0);
  for (let read = 0; read < count; ) {
    const batch = await nextBatch(open);
    read += batch.count;
    use(batch);
  }
}

/** Gives `use` a way to send through an idempotent producer; resolves when all of it is acknowledged. */
export async function withProducer(
  context: BindingContext,
  use: (send: (...args: Parameters<Producer["enqueue"]>) => void) => Promise<void>,
): Promise<void> {
  let sent = 0;
  let delivered = 0;
  const failures: number[] = [];
  const onDelivery = ({ count, status }: { count: number; status: number }) => {
    if (status === STATUS.OK) delivered += count;
    else failures.push(status);
  };
  using producer = openProducer(context, { onDelivery });
  await use((...args) => {
    sent += producer.enqueue(...args);
  });
  await until("acknowledgement of all records", () => delivered === sent || failures.length > 0);
  if (failures.length > 0) throw new Error(`records were refused with status ${failures}`);
}

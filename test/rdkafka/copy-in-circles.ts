/**
 * Copies the records of a topic again and again, with all kinds of edits, and prints the resident memory after each
 * round as one JSON line. Started by memory.test.ts with the cluster, the topics, the records of a round and the rounds.
 */

import { drop, replace } from "../../src/model/filter.ts";
import type { KafkaRecord } from "../../src/model/record.ts";
import type { MessageBatch } from "../../src/rdkafka/message-batch.ts";
import { type BindingContext, openContext } from "./suite/binding-case.ts";
import { openProducer, openReader } from "./suite/open.ts";
import { nextBatch, until } from "./suite/wait.ts";

/** What a round prints. */
export interface Round {
  readonly residentBytes: number;
  /** Records a filter kept that were not what they had been. */
  readonly spoiled: number;
}

const [bootstrap = "", source = "", destination = "", records = "", rounds = ""] = process.argv.slice(2);

const context = await openContext(bootstrap);
for (let round = 0; round < Number(rounds); round++) {
  const spoiled = await copyOnce(context, round);
  Bun.gc(true);
  console.log(JSON.stringify({ residentBytes: process.memoryUsage.rss(), spoiled } satisfies Round));
}
context.close();

/** Copies all records with new clients, as a partition that is opened anew does. */
async function copyOnce(context: BindingContext, round: number): Promise<number> {
  let sent = 0;
  let delivered = 0;
  using reader = openReader(context);
  using producer = openProducer(context, { onDelivery: ({ count }) => (delivered += count) });
  const open = reader.open({ topic: source, partition: 0 }, 0);
  const kept: KafkaRecord[] = [];
  for (let position = 0; position < Number(records); ) {
    const batch = await nextBatch(open);
    const edits = round % 2 === 0 ? editsOf(batch, kept) : null;
    if (kept.length > 0 && position === 0) Bun.gc(true);
    sent += producer.enqueue(batch, edits, { topic: destination, hashedOver: null });
    position = batch.nextOffset;
    batch.release();
  }
  await until("acknowledgement of all records", () => delivered === sent);
  return kept.filter(isSpoiled).length;
}

/** A bit of everything a filter may do; every hundredth record is kept beyond the batch. */
function editsOf(batch: MessageBatch, kept: KafkaRecord[]) {
  return Array.from({ length: batch.count }, (_, index) => {
    const record = batch.record(index);
    if (record.offset % 100 === 0) kept.push({ ...record, headers: record.headers });
    const part = record.value?.subarray(0, 50) ?? null;
    switch (record.offset % 4) {
      case 0:
        return null;
      case 1:
        return replace({ value: part });
      case 2:
        return replace({ key: null, headers: [...record.headers, { name: "added", value: part }] });
      default:
        return drop;
    }
  });
}

/** The records are made so that each part names the offset. */
function isSpoiled({ offset, key, value, headers }: KafkaRecord): boolean {
  const text = (bytes: Uint8Array | null | undefined) => new TextDecoder().decode(bytes ?? undefined);
  return ![text(key), text(value), text(headers[0]?.value)].every((part) => part.startsWith(`${offset} `));
}

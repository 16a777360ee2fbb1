/** The main job under fire: a redacted copy while the runner is killed again and again. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ORDER_REDACTION, type Order, order } from "../../src/demo/orders.ts";
import type { KafkaRecord } from "../../src/model/record.ts";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { type Strait, straitBetweenClusters } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS * 2);

const RECORDS = 200_000;
const PARTITIONS = 6;
const KILLS = 10;
const text = new TextDecoder();

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

test("every record arrives once, in order, redacted, while the runner is killed ten times", async () => {
  const topic = await createTopic(brokers.east, "orders", { partitions: PARTITIONS });
  const started = Date.now();
  const source = Array.from({ length: RECORDS }, (_, id): TestRecord => {
    return {
      partition: id % PARTITIONS,
      key: `customer-${id % 1000}`,
      value: JSON.stringify(order(id, new Date(started))),
      timestamp: started + (id % 5000),
      headers: [
        ["trace", `t-${id}`],
        ["trace", null],
      ],
    };
  });
  await strait.send("POST", "/links", {
    name: "fire",
    source: "east",
    destination: "west",
    mappings: [
      {
        source: topic,
        name: "orders",
        mode: "append",
        filters: [ORDER_REDACTION],
      },
    ],
  });

  // Half before, half while it is being killed, so that both catching up and keeping up are hit.
  await produce(brokers.east, topic, source.slice(0, RECORDS / 2));
  const producing = produce(brokers.east, topic, source.slice(RECORDS / 2));
  for (let kills = 0; kills < KILLS; ) {
    const lag = await strait.lagUntil("fire", ({ partitions }) => partitions.some(({ state }) => state === "running"));
    // Somewhere between the start of reading and the end of several transactions.
    await Bun.sleep(Math.random() * 600);
    if (strait.killRunner("fire")) kills++;
    expect(lag.partitions).toHaveLength(PARTITIONS);
  }
  await producing;
  const done = await strait.lagUntil("fire", (lag) => isCopied(lag.partitions), 120_000);
  expect(done.total).toEqual({ lagRecords: 0, lagMs: 0 });

  const [before, after] = await Promise.all([readTopic(brokers.east, topic), readTopic(brokers.west, topic)]);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const copied = after.get(partition) ?? [];
    expect(copied.length).toBe(before.get(partition)?.length ?? -1);
    for (const [index, record] of (before.get(partition) ?? []).entries()) {
      expectCopy(record, copied[index] as KafkaRecord);
    }
  }
  const evidence = await strait.evidence("fire");
  expect(evidence).toMatchObject({ read: RECORDS, kept: 0, replaced: RECORDS, quarantined: 0, expired: 0 });
  expect(evidence?.changed).toEqual({
    redact: { "$.customer.name": RECORDS, "$.customer.email": RECORDS, "$.iban": RECORDS },
  });
});

function isCopied(partitions: readonly { sourceEndOffset: number; nextOffset: number | null }[]): boolean {
  const total = partitions.reduce((sum, { sourceEndOffset }) => sum + sourceEndOffset, 0);
  return total === RECORDS && partitions.every(({ sourceEndOffset, nextOffset }) => nextOffset === sourceEndOffset);
}

/** Throws unless `after` is `before`, redacted. */
function expectCopy(before: KafkaRecord, after: KafkaRecord): void {
  const original = JSON.parse(text.decode(before.value as Uint8Array)) as Order;
  const { name: _name, ...customer } = original.customer;
  const email = (customer.email[0] ?? "") + "*".repeat(customer.email.length - 1);
  const redacted = JSON.stringify({ ...original, customer: { ...customer, email }, iban: null });
  const same =
    text.decode(after.value as Uint8Array) === redacted &&
    text.decode(after.key as Uint8Array) === text.decode(before.key as Uint8Array) &&
    after.timestamp === before.timestamp &&
    Bun.deepEquals(after.headers, before.headers);
  // One matcher per record would take longer than the copy.
  if (!same) expect({ ...after }).toEqual({ ...before, value: new TextEncoder().encode(redacted) });
}

/**
 * `bun run soak [--minutes 10] [--seed N]`: a link under load while runners are killed and frozen, brokers crash and hang,
 * and operators pause and resume. At the end every committed record must be at the destination once: in order and redacted
 * in mode append, at its offset in a mirror of transactions, and there redacted as well in another.
 */

import { parseArgs } from "node:util";
import { ORDER_REDACTION, order } from "../../src/demo/orders.ts";
import { expectSameRecords, expectVerified, mirrored } from "../end-to-end/mirror/mirror-case.ts";
import { Strait } from "../end-to-end/strait.ts";
import { readTopic } from "../support/consume.ts";
import { startKafka } from "../support/kafka/start-kafka.ts";
import { produce } from "../support/produce.ts";
import type { TestRecord } from "../support/record-batch.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

const PARTITIONS = 6;
const RECORDS_PER_BURST = 3000;
const LINK = "soak";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: String(Date.now()) } },
});
const random = generator(Number(values.seed));
say(`seed ${values.seed}, ${values.minutes} minutes`);

const [east, west] = await Promise.all([startKafka(), startKafka()]);
const strait = await Strait.start();

async function soak(): Promise<void> {
  await strait.addClusters(east.bootstrap, west.bootstrap);
  const topic = await createTopic(east, "soak", { partitions: PARTITIONS });
  const raw = await createTopic(east, "soak-mirror", { partitions: PARTITIONS });
  const filtered = await createTopic(east, "soak-redacted", { partitions: PARTITIONS });
  const mappings = [
    { source: topic, name: "soak", mode: "append", filters: [ORDER_REDACTION] },
    { source: raw, name: "mirror" },
    { source: filtered, name: "redacted-mirror", filters: [ORDER_REDACTION] },
  ];
  await strait.send("POST", "/links", { name: LINK, source: "east", destination: "west", mappings });

  const ends = Date.now() + Number(values.minutes) * 60_000;
  let made = 0;
  while (Date.now() < ends) {
    const [name, run] = MISCHIEF[Math.floor(random() * MISCHIEF.length)] as (typeof MISCHIEF)[number];
    made = await burst([topic, raw, filtered], made);
    await run();
    made = await burst([topic, raw, filtered], made);
    say(`${made} records, ${name}`);
  }
  say("waiting for the end");
  for (const each of [topic, raw, filtered]) await mirrored(strait, LINK, east, each, 180_000);
  await verify(topic, made);
  await expectSameRecords({ east, west }, raw);
  await expectVerified(strait, LINK);
  const { partitions } = await strait.lag(LINK);
  const unwell = partitions.filter(({ state }) => state !== "running");
  if (unwell.length > 0) throw new Error(`not running: ${JSON.stringify(unwell)}`);
  say(`${made} records arrived once, in order, redacted; both mirrors are verified`);
}

/** What may go wrong, each put right again before it returns. */
const MISCHIEF: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
  ["runner killed", async () => strait.killRunner(LINK)],
  ["runner frozen past its session", () => frozenRunner(15_000)],
  ["source broker restarted", () => east.control.restart()],
  ["destination broker restarted", () => west.control.restart()],
  ["source broker crashed", () => crash(east)],
  ["destination broker crashed", () => crash(west)],
  ["destination broker frozen", () => frozenBroker(west, 20_000)],
  ["source broker frozen", () => frozenBroker(east, 20_000)],
  ["paused and resumed", pauseAndResume],
  ["nothing", () => Bun.sleep(random() * 3000)],
];

async function frozenRunner(ms: number): Promise<void> {
  const pid = strait.control.supervisor.snapshot(LINK)?.pid;
  if (!pid) return;
  process.kill(pid, "SIGSTOP");
  await Bun.sleep(ms);
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // The supervisor has taken it for dead and killed it.
  }
}

async function frozenBroker({ control }: typeof east, ms: number): Promise<void> {
  await control.freeze();
  await Bun.sleep(ms);
  control.thaw();
}

async function crash({ control }: typeof east): Promise<void> {
  await control.kill();
  await Bun.sleep(random() * 10_000);
  await control.start();
}

async function pauseAndResume(): Promise<void> {
  await strait.send("POST", `/links/${LINK}/pause`);
  await Bun.sleep(random() * 5000);
  await strait.send("POST", `/links/${LINK}/resume`);
}

/** Plain records to all topics; and to those that are mirrored transactions as well, of which every third is aborted. */
async function burst([appended = "", ...mirrors]: readonly string[], from: number): Promise<number> {
  const records = Array.from({ length: RECORDS_PER_BURST }, (_, index): TestRecord => {
    const id = from + index;
    return { partition: id % PARTITIONS, key: String(id), value: JSON.stringify(order(id, new Date(id))) };
  });
  await produce(east, appended, records);
  for (const topic of mirrors) {
    await produce(east, topic, records, { compression: "zstd", batchRecords: 50 });
    for (let transactions = 0; transactions < 3; transactions++) {
      const transaction = await beginTransaction(east);
      await transaction.send(topic, records.slice(0, 100));
      await (transactions === 2 ? transaction.abort() : transaction.commit());
    }
  }
  return from + RECORDS_PER_BURST;
}

/** Throws unless the destination holds each record once, in order and redacted. */
async function verify(topic: string, made: number): Promise<void> {
  const copied = await readTopic(west, topic);
  const text = new TextDecoder();
  let count = 0;
  for (const [partition, records] of copied) {
    for (const [index, { key, value }] of records.entries()) {
      const id = index * PARTITIONS + partition;
      if (text.decode(key ?? undefined) !== String(id)) throw new Error(`${partition}: record ${index} is not ${id}`);
      const { customer, iban } = JSON.parse(text.decode(value ?? undefined));
      if ("name" in customer || iban !== null || !/^.\*+$/.test(customer.email))
        throw new Error(`${id} is not redacted`);
      count++;
    }
  }
  if (count !== made) throw new Error(`${count} records arrived, ${made} were made`);
}

/** Numbers from 0 to 1 that repeat with the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

try {
  await soak();
} finally {
  await strait.close();
  await Promise.all([east.close(), west.close()]);
}

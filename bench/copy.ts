/**
 * How fast one runner copies, and what it costs: two real brokers and the runner on this machine, JSON records of about
 * 190 bytes in 4 partitions, with and without a redaction of three fields, with and without transactions. Rounds
 * alternate between the variants; the content is checked.
 *
 *   bun run bench:append [--records 2000000] [--rounds 3] [--compression none|zstd|lz4]
 *
 * STRAIT_TEST_BROKERS_EAST and _WEST name brokers to use instead of starting Kafka.
 */

import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Mapping } from "../src/config/resources.ts";
import { runnerEnvironment } from "../src/control/runner-environment.ts";
import { ORDER_REDACTION } from "../src/demo/orders.ts";
import type { LinkPlan, RunnerMessage } from "../src/model/runner-protocol.ts";
import type { RunnerStatus } from "../src/model/status.ts";
import { openLibrary } from "../src/rdkafka/library.ts";
import { closeClusters, clusters, type TestClusters } from "../test/support/clusters.ts";
import { readTopic } from "../test/support/consume.ts";
import { produce } from "../test/support/produce.ts";
import type { Compression, TestRecord } from "../test/support/record-batch.ts";
import { createTopic } from "../test/support/topics.ts";

const PARTITIONS = 4;

interface Variant {
  readonly name: string;
  readonly filters: Mapping["filters"];
  readonly transaction: Mapping["transaction"];
}

const VARIANTS: readonly Variant[] = [
  { name: "copy, transactions", filters: [], transaction: "on" },
  { name: "copy, at least once", filters: [], transaction: "off" },
  { name: "redact 3 fields, transactions", filters: [ORDER_REDACTION], transaction: "on" },
  { name: "redact 3 fields, at least once", filters: [ORDER_REDACTION], transaction: "off" },
];

interface Round {
  /** Between the first and the last status in which records were moving. */
  readonly recordsPerSecond: number;
  /** All of the runner's processor time, its start included, by records. */
  readonly cpuMicrosPerRecord: number;
  readonly peakMegabytes: number;
  /** From the plan to the first acknowledged record. */
  readonly firstRecordSeconds: number;
}

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "3" },
    compression: { type: "string", default: "none" },
  },
});
const records = Number(values.records);
const rounds = Number(values.rounds);
const compression = values.compression as Compression;

async function bench({ east, west }: TestClusters): Promise<void> {
  const library = await openLibrary();
  const source = await createTopic(east, "bench", { partitions: PARTITIONS });
  const bytes = await fill({ east, west }, source);
  print(
    `machine: ${availableParallelism()} x ${cpus()[0]?.model}, ${gigabytes(totalmem())} GiB, brokers beside the runner`,
  );
  print(`versions: bun ${Bun.version}, librdkafka ${library.version}`);
  print(
    `load: ${records} records of ${Math.round(bytes / records)} bytes, ${PARTITIONS} partitions, ${compression} on both sides`,
  );
  const results = new Map<Variant, Round[]>(VARIANTS.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const variant of round % 2 === 0 ? VARIANTS : VARIANTS.toReversed()) {
      const destination = `${source}-${VARIANTS.indexOf(variant)}-${round}`;
      const result = await copy({ east, west }, source, destination, variant);
      results.get(variant)?.push(result);
      print(`  ${variant.name}: ${Math.round(result.recordsPerSecond)}/s, ${result.cpuMicrosPerRecord.toFixed(2)} us`);
      if (round === 0) await verify({ east, west }, source, destination, variant);
    }
  }
  print(`\n| variant | records/s | CPU us/record | peak memory MB | first record s |`);
  print(`|---|---|---|---|---|`);
  for (const [{ name }, all] of results) {
    const cell = (pick: (round: Round) => number, digits: number) => spread(all.map(pick), digits);
    print(
      `| ${name} | ${cell((r) => r.recordsPerSecond, 0)} | ${cell((r) => r.cpuMicrosPerRecord, 2)} | ${cell((r) => r.peakMegabytes, 0)} | ${cell((r) => r.firstRecordSeconds, 1)} |`,
    );
  }
  print(`\nmedian (lowest - highest) of ${rounds} rounds, alternating`);
}

/** Fills the source topic and returns the bytes of all values. */
async function fill({ east }: TestClusters, topic: string): Promise<number> {
  const chunk = 100_000;
  let bytes = 0;
  for (let made = 0; made < records; made += chunk) {
    const part = Array.from({ length: Math.min(chunk, records - made) }, (_, index): TestRecord => {
      const id = made + index;
      const value = orderText(id);
      bytes += value.length;
      return { partition: id % PARTITIONS, key: `k${id}`, value };
    });
    await produce(east, topic, part, { compression });
  }
  return bytes;
}

function orderText(id: number): string {
  const customer = { name: `Jane Doe ${id}`, email: `jane.doe${id}@example.com`, country: "DE" };
  return JSON.stringify({ id, customer, iban: "DE89370400440532013000", amount: 12.5, note: "x".repeat(40) });
}

function redacted(id: number): string {
  const { customer, ...rest } = JSON.parse(orderText(id)) as { customer: { email: string; country: string } };
  const email = customer.email.charAt(0) + "*".repeat(customer.email.length - 1);
  const order = { ...rest, customer: { email, country: customer.country }, iban: null };
  return JSON.stringify(order);
}

/** Runs a runner until everything is at the destination. */
function copy(
  { east, west }: TestClusters,
  source: string,
  destination: string,
  { filters, transaction }: Variant,
): Promise<Round> {
  const cluster = (name: string, region: string, bootstrap: string) => ({
    name,
    region,
    properties: { "bootstrap.servers": bootstrap, "compression.codec": compression },
  });
  const mapping: Mapping = {
    name: "bench",
    source,
    destination,
    mode: "append",
    start: "earliest",
    filters,
    onFailure: "stop",
    onExpired: "stop",
    monitorOnly: false,
    transaction,
    trim: false,
    paused: false,
  };
  const plan: LinkPlan = {
    nodeId: "bench",
    filterDirectories: [],
    rulings: { [mapping.name]: { refusal: null, filters: [], policies: [] } },
    source: cluster("east", "eu", east.bootstrap),
    destination: cluster("west", "us", west.bootstrap),
    link: { name: destination, source: "east", destination: "west", paused: false, mappings: [mapping] },
  };
  const child = fork(fileURLToPath(new URL("../src/runner/main.ts", import.meta.url)), [], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: runnerEnvironment(),
  });
  return new Promise((resolve, reject) => {
    const started = Date.now();
    let first: { at: number; records: number } | undefined;
    child.on("exit", (code) => reject(new Error(`the runner ended with ${code} before it was done`)));
    child.on("message", (message: RunnerMessage) => {
      if (message.type === "ready") child.send({ type: "apply", plan });
      else if (message.type === "fatal") reject(new Error(message.message));
      else {
        const done = acknowledged(message.status);
        if (done > 0) first ??= { at: message.status.at, records: done };
        if (done < records || first === undefined) return;
        const seconds = (message.status.at - first.at) / 1000;
        const { cpuSeconds, peakMegabytes } = usage(child);
        child.removeAllListeners("exit");
        child.once("exit", () =>
          resolve({
            recordsPerSecond: (done - (first?.records ?? 0)) / seconds,
            cpuMicrosPerRecord: (cpuSeconds * 1e6) / records,
            peakMegabytes,
            firstRecordSeconds: ((first?.at ?? 0) - started) / 1000,
          }),
        );
        child.send({ type: "stop" });
      }
    });
  });
}

const acknowledged = ({ partitions }: RunnerStatus) =>
  partitions.reduce((sum, partition) => sum + partition.records, 0);

/** Processor time and peak resident memory of a process, from proc(5). */
function usage({ pid }: ChildProcess): { cpuSeconds: number; peakMegabytes: number } {
  // The fields behind the command name, which is in parentheses and may hold spaces: utime and stime are 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  const TICKS_PER_SECOND = 100;
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakMegabytes: Number(peak) / 1024 };
}

/** Throws unless the destination holds what it must. */
async function verify(
  { west }: TestClusters,
  source: string,
  destination: string,
  { filters }: Variant,
): Promise<void> {
  const copied = await readTopic(west, destination);
  const expected = filters.length === 0 ? orderText : redacted;
  const text = new TextDecoder();
  let count = 0;
  for (const [partition, all] of copied) {
    for (const [index, record] of all.entries()) {
      count++;
      // Each value names its order; a sample of the whole content is compared.
      const id = index * PARTITIONS + partition;
      if (text.decode(record.key ?? undefined) !== `k${id}`)
        throw new Error(`${destination}/${partition}: ${index} is not k${id}`);
      const same =
        id % 97 !== 0 || Bun.deepEquals(JSON.parse(text.decode(record.value ?? undefined)), JSON.parse(expected(id)));
      if (!same) throw new Error(`${destination}/${partition}: ${index} has other content`);
    }
  }
  if (count !== records) throw new Error(`${destination} has ${count} records, ${source} has ${records}`);
}

function spread(numbers: readonly number[], digits: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const show = (value: number | undefined) => (value ?? Number.NaN).toFixed(digits);
  return `${show(median)} (${show(sorted[0])} - ${show(sorted.at(-1))})`;
}

const gigabytes = (bytes: number) => Math.round(bytes / 2 ** 30);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const brokers = await clusters();
try {
  await bench(brokers);
} finally {
  await closeClusters();
}

/**
 * What a filter file costs beside what it does: microseconds of processor time a record, of this process and the filter host
 * together, for records of 190 bytes. Compared with a built-in filter that drops nothing, which runs in this process.
 * Rounds alternate; what comes back is checked.
 *
 *   bun bench/filter-host.ts [rounds]
 */

import { cpus } from "node:os";
import { join } from "node:path";
import { completeMapping } from "../src/config/complete-mapping.ts";
import type { FilterUse } from "../src/config/resources.ts";
import type { RecordBatch } from "../src/model/batch.ts";
import { FilterChain } from "../src/runner/filter-chain.ts";
import { DecodedBatch } from "../src/sources/decoded-batch.ts";
import { rawRecords } from "../src/wire/decode-records.ts";
import { encodeBatches } from "../src/wire/encode-batches.ts";
import { processUsage } from "./measure/process-usage.ts";
import { keyOf, orderText } from "./orders.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
/** What a partition with filters reads at a time holds about so many. */
const BATCH_RECORDS = 600;
const BATCHES_A_ROUND = 1000;
/** Partitions under way at once. */
const PARTITIONS = 4;

interface Variant {
  readonly name: string;
  readonly filters: readonly FilterUse[];
  readonly replaced: boolean;
}

const trivial = (answer: "keep" | "replace"): FilterUse => ({ use: "./trivial.ts", options: { answer } });

const VARIANTS: readonly Variant[] = [
  {
    name: "built-in, keeps",
    filters: [{ use: "drop-records", options: { when: [{ header: "none", equals: "" }] } }],
    replaced: false,
  },
  { name: "file, keeps", filters: [trivial("keep")], replaced: false },
  { name: "file, replaces", filters: [trivial("replace")], replaced: true },
  { name: "two files, replace", filters: [trivial("replace"), trivial("replace")], replaced: true },
];

const encoder = new TextEncoder();
const records = Array.from({ length: BATCH_RECORDS }, (_, offset) => ({
  offset,
  timestamp: 1_790_000_000_000 + offset,
  key: encoder.encode(keyOf(offset)),
  value: encoder.encode(orderText(offset, 190)),
  headers: [],
}));
const raw = encodeBatches(records).flatMap((batch) => [...rawRecords(batch)]);
const batchOf = (partition: number) => new DecodedBatch({ topic: "orders", partition }, raw, BATCH_RECORDS);

interface Running extends Variant {
  readonly chain: FilterChain;
  /** This process, and the filter host if there is one. */
  readonly processes: readonly number[];
  readonly measured: number[];
}

async function start(variant: Variant): Promise<Running> {
  const mapping = completeMapping({ source: "orders", filters: [...variant.filters] });
  const filters = mapping.filters.map((filter) => ({ ...filter, policy: null }));
  const surroundings = { link: "bench", mapping, source: {}, destination: {} };
  const chain = await FilterChain.create({
    ...surroundings,
    filters,
    directories: [join(import.meta.dirname, "filters")],
  });
  const { edits } = await chain.apply(asking(), null);
  const answer = edits?.[0]?.verb === "replace" ? edits[0].value : null;
  const host = answer ? [Number(new TextDecoder().decode(answer))] : [];
  return { ...variant, chain, processes: [process.pid, ...host], measured: [] };
}

/** A record without a key, for which the filter says which process it is in. */
function asking(): RecordBatch {
  const record = { topic: "orders", partition: 0, offset: 0, timestamp: 0, key: null, value: null, headers: [] };
  const one = { count: 1, bytes: 0, nextOffset: 1, firstTimestamp: 0, timestamp: () => 0, offset: () => 0 };
  return { topic: "orders", partition: 0, ...one, record: () => record, release: () => {} };
}

async function round({ chain, processes, measured, replaced }: Running): Promise<void> {
  const before = cpuSeconds(processes);
  let left = BATCHES_A_ROUND;
  const partition = async (number: number) => {
    for (; left > 0; left--) {
      const { evidence } = await chain.apply(batchOf(number), null);
      const seen = replaced ? evidence.replaced : evidence.kept;
      if (seen !== BATCH_RECORDS) throw new Error(`${seen} records of ${BATCH_RECORDS} came back as expected`);
    }
  };
  await Promise.all(Array.from({ length: PARTITIONS }, (_, number) => partition(number)));
  measured.push(((cpuSeconds(processes) - before) * 1e6) / (BATCHES_A_ROUND * BATCH_RECORDS));
}

function cpuSeconds(processes: readonly number[]): number {
  return processes.reduce((sum, pid) => sum + processUsage(pid).cpuSeconds, 0);
}

const running: Running[] = [];
for (const variant of VARIANTS) running.push(await start(variant));
console.log(`runtime  ${navigator.userAgent}, ${cpus()[0]?.model ?? process.arch}`);
console.log(`records  ${BATCH_RECORDS} of 190 bytes in a batch, ${BATCHES_A_ROUND} batches a round, ${ROUNDS} rounds`);
for (const each of running) await round(each);
for (const { measured } of running) measured.length = 0;
for (let number = 0; number < ROUNDS; number++) {
  for (const each of number % 2 === 0 ? running : running.toReversed()) await round(each);
}
for (const { name, measured, processes, chain } of running) {
  const sorted = measured.toSorted((a, b) => a - b);
  const [lowest = 0, median = 0, highest = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  const peak = processes.slice(1).map((pid) => `, host at most ${processUsage(pid).peakMegabytes.toFixed(0)} MB`);
  console.log(
    `${name.padEnd(20)} median ${median.toFixed(2)} us CPU, ${lowest.toFixed(2)} to ${highest.toFixed(2)}${peak.join("")}`,
  );
  await chain.close();
}

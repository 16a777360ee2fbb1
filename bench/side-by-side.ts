/**
 * strait's lanes beside MirrorMaker 2 and plain copy loops: the same topics between the same two brokers on this machine, each
 * in a process of its own, one after the other in alternating rounds. docs/benchmarks.md says what is measured and how.
 *
 *   bun run bench [--help]
 *
 * STRAIT_TEST_BROKERS_EAST and _WEST name brokers to use instead of starting Kafka.
 */

import { closeClusters, clusters, type TestClusters } from "../test/support/clusters.ts";
import { LANES } from "./lanes/all-lanes.ts";
import type { Lane } from "./lanes/lane.ts";
import { measureAddedMappings } from "./measure/added-mapping.ts";
import { deleteTopics } from "./measure/delete-topics.ts";
import { machine, versions } from "./measure/environment.ts";
import { type Latency, type LatencyOptions, measureLatency, RATES } from "./measure/latency.ts";
import { BATCH_RECORDS, fillSource, type Load } from "./measure/load.ts";
import { spreadOf } from "./measure/statistics.ts";
import { describeLoad, type LoadResult, latencyTable, ratioTable, throughputTable } from "./measure/tables.ts";
import { measureThroughput, type Throughput } from "./measure/throughput.ts";
import { writeNumbers } from "./measure/write-numbers.ts";
import { type BenchOptions, benchOptions } from "./options.ts";
import { PARTITIONS } from "./orders.ts";

/** What latency is measured of where there is no lane. */
const NO_COPY = { name: "none", label: "no copy: the source itself" };

const ADDED_MAPPINGS = 9;

/** A load with this many records is a warm-up for any. */
const WARM_UP_RECORDS = 200_000;

async function bench(brokers: TestClusters, options: BenchOptions): Promise<string> {
  const settings = await describeSettings(options);
  say(settings);
  const sections = [settings];
  if (options.throughput) {
    const results: LoadResult[] = [];
    for (const bytes of options.sizes) {
      for (const compression of options.compressions) {
        const records = bytes === 1024 ? Math.ceil(options.records / 2) : options.records;
        say(`\n${describeLoad({ bytes, compression })}: filling a topic with ${records} records`);
        const load = await fillSource(brokers.east, { records, bytes, compression });
        results.push({ load, outcomes: await compareThroughput(brokers, load, options) });
        await deleteTopics(brokers.east, load.topic);
      }
    }
    sections.push(...results.map(throughputTable), ...ratios(options, results));
  }
  if (options.latency !== null) {
    sections.push(latencyTable(await compareLatency(brokers, options, options.latency)));
    sections.push(addedMappings(await measureAddedMappings(brokers, ADDED_MAPPINGS)));
  }
  return sections.join("\n\n");
}

function addedMappings(milliseconds: readonly number[]): string {
  const { median, lowest, highest } = spreadOf(milliseconds);
  const [middle, least, most] = [median, lowest, highest].map((time) => (time / 1000).toFixed(2));
  return `First record at the destination after a mapping is added to a running link: ${middle} s (${least} - ${most}, ${milliseconds.length} mappings).`;
}

async function compareThroughput(
  brokers: TestClusters,
  load: Load,
  { lanes, rounds, warmUp }: BenchOptions,
): Promise<Map<Lane, (Throughput | Error)[]>> {
  const [first] = lanes;
  if (warmUp && first) {
    const records = Math.min(WARM_UP_RECORDS, load.records);
    const small = await fillSource(brokers.east, { ...load, records });
    await attempt(() => measureThroughput(brokers, first, small, { id: uniqueId(), verify: false }));
    await deleteTopics(brokers.east, small.topic);
  }
  const verified = new Set<Lane>();
  return await inRounds(lanes, rounds, async (lane) => {
    const result = await measureThroughput(brokers, lane, load, { id: uniqueId(), verify: !verified.has(lane) });
    verified.add(lane);
    const { recordsPerSecond, cpuMicrosPerRecord, firstRecordSeconds } = result;
    say(
      `  ${lane.name}: ${Math.round(recordsPerSecond)}/s, ${cpuMicrosPerRecord.toFixed(2)} us, first after ${firstRecordSeconds.toFixed(1)} s`,
    );
    return result;
  });
}

async function compareLatency(
  brokers: TestClusters,
  { lanes, rounds }: BenchOptions,
  times: Omit<LatencyOptions, "id">,
): Promise<Map<Lane | typeof NO_COPY, (readonly Latency[] | Error)[]>> {
  say(`\nlatency at ${RATES.join("/s and ")}/s`);
  // Brokers that just started answer late.
  await attempt(() => measureLatency(brokers, null, { warmUpSeconds: 0, seconds: 5, id: uniqueId() }));
  return await inRounds([NO_COPY, ...lanes], rounds, async (lane) => {
    const result = await measureLatency(brokers, "start" in lane ? lane : null, { ...times, id: uniqueId() });
    const rates = result.map(({ p50Ms, p99Ms }) => `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
    say(`  ${lane.name}: ${rates.join("; ")}`);
    return result;
  });
}

/** Measures each subject once a round, every other round in reverse order. What fails is a result too. */
async function inRounds<Subject extends { readonly name: string }, Result>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Result>,
): Promise<Map<Subject, (Result | Error)[]>> {
  const results = new Map<Subject, (Result | Error)[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const outcome = await attempt(() => measure(subject));
      if (outcome instanceof Error) say(`  ${subject.name}: failed: ${outcome.message}`);
      results.get(subject)?.push(outcome);
    }
  }
  return results;
}

async function attempt<Result>(work: () => Promise<Result>): Promise<Result | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The raw lane against MirrorMaker 2, where both were measured. */
function ratios({ lanes }: BenchOptions, results: readonly LoadResult[]): string[] {
  const named = (name: string) => LANES.find((lane) => lane.name === name && lanes.includes(lane));
  const raw = named("mirror");
  if (raw === undefined) return [];
  return [named("mm2-tuned"), named("mm2")].flatMap((base) => (base ? [ratioTable(raw, base, results)] : []));
}

async function describeSettings({ records, rounds, latency }: BenchOptions): Promise<string> {
  const date = new Date().toISOString().slice(0, 10);
  return [
    `- ${date}. Machine: ${machine()}; both brokers beside what copies.`,
    `- Versions: ${await versions()}.`,
    `- ${records.toLocaleString("en")} records of 190 B, half as many of 1 KB; ${PARTITIONS} partitions, ${BATCH_RECORDS} records a batch.`,
    `- Median of ${rounds} alternating rounds (lowest - highest)${latency ? `; latency over ${latency.seconds} s after ${latency.warmUpSeconds} s` : ""}.`,
  ].join("\n");
}

/** Unlike any part of a topic's name. */
function uniqueId(): string {
  return `run${crypto.randomUUID().slice(0, 8)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const options = benchOptions();
const brokers = await clusters();
try {
  const markdown = await bench(brokers, options);
  say(`\n${markdown}`);
  if (options.write) writeNumbers(markdown);
} finally {
  await closeClusters();
}
process.exit(0); // a lane that failed may have left a connection that waits for its timeout

/** How long a record takes through a lane: from being made to being readable at the destination. */

import { fork } from "node:child_process";
import { join } from "node:path";
import type { TestClusters } from "../../test/support/clusters.ts";
import { produce } from "../../test/support/produce.ts";
import { createNamedTopic, createTopic } from "../../test/support/topics.ts";
import type { Lane, RunningLane } from "../lanes/lane.ts";
import { keyOf, orderText, PARTITIONS } from "../orders.ts";
import { Arrivals } from "./arrivals.ts";
import { deleteTopics } from "./delete-topics.ts";
import type { PacedLoad, PacedResult } from "./paced-producer.ts";
import { processUsage } from "./process-usage.ts";
import { percentile } from "./statistics.ts";

export const RATES = [1000, 5000] as const;

export interface Latency {
  readonly recordsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one core, while all records were on their way; NaN where nothing copies. */
  readonly cpuPercent: number;
}

export interface LatencyOptions {
  /** No other run has it; letters and digits. */
  readonly id: string;
  /** Sent before what counts, at the same rate. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Longer than MirrorMaker takes to start on a slow machine. */
const START_MS = 120_000;
/** How far behind a lane may be at the end and still be measured. */
const REST_MS = 10_000;
const WAIT_MS = 5;
/** Orders of different rates must not have the same numbers. */
const IDS_PER_RATE = 100_000_000;

/**
 * The latency of a lane at each rate, one after the other in one run; without a lane that of the source topic itself, which
 * is what producing and reading take. Rejects where not every record arrives.
 */
export async function measureLatency(
  { east, west }: TestClusters,
  lane: Lane | null,
  options: LatencyOptions,
): Promise<readonly Latency[]> {
  const topic = await createTopic(east, `latency-${options.id}`, { partitions: PARTITIONS });
  const over = new AbortController();
  let running: RunningLane | null = null;
  let arrivals: Arrivals | null = null;
  try {
    await produce(east, topic, seeds());
    if (lane !== null) {
      const destinationTopic = `${topic}-copy`;
      if (!lane.makesTopic) await createNamedTopic(west, destinationTopic, { partitions: PARTITIONS });
      running = await lane.start({
        id: options.id,
        source: east.bootstrap,
        destination: west.bootstrap,
        topic,
        destinationTopic,
        compression: "none",
      });
    }
    arrivals = await Arrivals.of((lane ? west : east).bootstrap, running?.destinationTopic ?? topic);
    const source = { address: east.bootstrap, topic };
    const work = measureRates(source, arrivals, running?.pid ?? null, options, over.signal);
    return await Promise.race([work, arrivals.failed, ...(running ? [running.failed] : [])]);
  } finally {
    over.abort();
    arrivals?.close();
    await running?.stop();
    await Promise.all([deleteTopics(east, options.id), deleteTopics(west, options.id)]);
  }
}

async function measureRates(
  source: Pick<PacedLoad, "address" | "topic">,
  { counts, latencies }: Arrivals,
  pid: number | null,
  { warmUpSeconds, seconds }: LatencyOptions,
  signal: AbortSignal,
): Promise<Latency[]> {
  await until(START_MS, signal, "no records arrived", () => counts.every((count) => count > 0));
  const results: Latency[] = [];
  let sent = 0;
  for (const [index, recordsPerSecond] of RATES.entries()) {
    const firstId = (index + 1) * IDS_PER_RATE;
    const before = cpuOf(pid);
    const begun = performance.now();
    const load = { ...source, recordsPerSecond, firstId, seconds: warmUpSeconds + seconds };
    const { endId } = await sendPaced(load, signal);
    const cpuPercent = ((cpuOf(pid) - before) / ((performance.now() - begun) / 1000)) * 100;
    sent += endId - firstId;
    await until(REST_MS, signal, "not every record arrived", () => latencies.size >= sent);
    const from = firstId + warmUpSeconds * recordsPerSecond;
    const counted = Array.from({ length: endId - from }, (_, i) => latencies.get(from + i) ?? Number.NaN);
    const sorted = counted.toSorted((a, b) => a - b);
    results.push({ recordsPerSecond, p50Ms: percentile(sorted, 50), p99Ms: percentile(sorted, 99), cpuPercent });
  }
  return results;
}

/** One record for each partition, so that the lane has begun everywhere before time counts. */
function seeds() {
  return Array.from({ length: PARTITIONS }, (_, id) => ({ partition: id, key: keyOf(id), value: orderText(id, 190) }));
}

function sendPaced(load: PacedLoad, signal: AbortSignal): Promise<PacedResult> {
  const child = fork(join(import.meta.dirname, "paced-producer.ts"), [JSON.stringify(load)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  signal.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
  return new Promise((resolve, reject) => {
    child.once("message", (result: PacedResult) => resolve(result));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the paced producer ended with ${code}`)));
  });
}

const cpuOf = (pid: number | null) => (pid === null ? Number.NaN : processUsage(pid).cpuSeconds);

async function until(timeoutMs: number, signal: AbortSignal, problem: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!holds()) {
    signal.throwIfAborted();
    if (performance.now() > deadline) throw new Error(`${problem} within ${timeoutMs / 1000} s`);
    await Bun.sleep(WAIT_MS);
  }
}

/** One run of a lane over a whole topic. */

import type { TestClusters } from "../../test/support/clusters.ts";
import { createNamedTopic } from "../../test/support/topics.ts";
import type { Lane, RunningLane } from "../lanes/lane.ts";
import { PARTITIONS } from "../orders.ts";
import { deleteTopics } from "./delete-topics.ts";
import type { Load } from "./load.ts";
import { type ProcessUsage, processUsage } from "./process-usage.ts";
import { verifyCopy } from "./verify-copy.ts";
import { type CopyTimes, watchCopy } from "./watch-copy.ts";

/** NaN where the first records seen were the last ones, so that nothing lies between. */
export interface Throughput {
  /** Between the first records at the destination and the last, as all below that does not say otherwise. */
  readonly recordsPerSecond: number;
  /** Keys and values, uncompressed; 10^6 bytes. */
  readonly megabytesPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  readonly cpuMillisPerMegabyte: number;
  /** All the process used since its start, by all records. */
  readonly cpuMicrosPerRecordWithStart: number;
  readonly peakMegabytes: number;
  /** From the start of the process to the first records at the destination. */
  readonly firstRecordSeconds: number;
}

export interface RunOptions {
  /** No other run has it; letters and digits. */
  readonly id: string;
  /** Whether the content of the copy is checked. */
  readonly verify: boolean;
}

/** Starts the lane, waits for the whole copy and deletes it. Rejects where that fails or the copy is not what it must be. */
export async function measureThroughput(
  { east, west }: TestClusters,
  lane: Lane,
  load: Load,
  { id, verify }: RunOptions,
): Promise<Throughput> {
  const destinationTopic = `${load.topic}-${id}`;
  const over = new AbortController();
  let running: RunningLane | null = null;
  try {
    if (!lane.makesTopic) await createNamedTopic(west, destinationTopic, { partitions: PARTITIONS });
    const startedAt = performance.now();
    running = await lane.start({
      id,
      source: east.bootstrap,
      destination: west.bootstrap,
      topic: load.topic,
      destinationTopic,
      compression: load.compression,
    });
    const { pid } = running;
    let first = { cpuSeconds: Number.NaN };
    const watched = watchCopy(west, running.destinationTopic, {
      records: load.records,
      transactional: lane.transactional,
      onFirst: () => {
        first = processUsage(pid);
      },
      signal: over.signal,
    });
    const times = await Promise.race([watched, running.failed]);
    const result = throughput(load, startedAt, times, first.cpuSeconds, processUsage(pid));
    if (verify) await verifyCopy(west, running.destinationTopic, load, lane);
    return result;
  } finally {
    over.abort();
    await running?.stop();
    await Promise.all([deleteTopics(east, id), deleteTopics(west, id)]);
  }
}

function throughput(
  { records, payloadBytes }: Load,
  startedAt: number,
  { firstAt, firstRecords, doneAt }: CopyTimes,
  firstCpuSeconds: number,
  { cpuSeconds, peakMegabytes }: ProcessUsage,
): Throughput {
  const copied = records - firstRecords;
  const seconds = (doneAt - firstAt) / 1000;
  const recordsPerSecond = copied / seconds;
  const cpuMicrosPerRecord = ((cpuSeconds - firstCpuSeconds) * 1e6) / copied;
  const bytesPerRecord = payloadBytes / records;
  return {
    recordsPerSecond,
    megabytesPerSecond: (recordsPerSecond * bytesPerRecord) / 1e6,
    cpuMicrosPerRecord,
    cpuMillisPerMegabyte: (cpuMicrosPerRecord * 1000) / bytesPerRecord,
    cpuMicrosPerRecordWithStart: (cpuSeconds * 1e6) / records,
    peakMegabytes,
    firstRecordSeconds: (firstAt - startedAt) / 1000,
  };
}

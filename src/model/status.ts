/** What a runner knows of its partitions, as it is sent to the control process and shown to operators. */

import type { ChainState } from "./evidence-chain.ts";

export type PartitionState = "seeding" | "running" | "paused" | "retrying" | "quarantined" | "diverged" | "failed";

export type LinkState = "starting" | "running" | "paused" | "degraded" | "failed" | "stopped";

/**
 * What happened to the records of one partition since its first copy. It is committed together with the offset, so it
 * survives any restart and counts each record once.
 */
export interface Evidence {
  /** Records read from the source and accounted for below. */
  readonly read: number;
  /** Records copied with every byte as it was. */
  readonly kept: number;
  /** Records copied with other content. */
  readonly replaced: number;
  /** How many times each configured path was changed, by `filter` then `path`. */
  readonly changed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Records not copied, by the filter that dropped them. */
  readonly dropped: Readonly<Record<string, number>>;
  /**
   * What filters that only look on (`monitor: true`) would have done: by filter, then by path, or `drop` for records they
   * would have dropped and `fail` for those they could not handle.
   */
  readonly monitored: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly quarantined: number;
  /** Records that expired at the source before they were copied (`onExpired: continue`). */
  readonly expired: number;
}

export interface PartitionStatus {
  readonly mapping: string;
  readonly topic: string;
  readonly partition: number;
  readonly destinationTopic: string;
  readonly state: PartitionState;
  /** Why it is in this state and what to do, in a sentence; null while running. */
  readonly reason: string | null;
  /** The next source offset to be acknowledged at the destination; null before it is known. */
  readonly nextOffset: number | null;
  /** Timestamp of the oldest record read and not acknowledged, milliseconds; null if none. */
  readonly oldestPendingTimestamp: number | null;
  /** Records and bytes acknowledged since this runner started. */
  readonly records: number;
  readonly bytes: number;
  readonly evidence: Evidence;
  /** The range of the chain of evidence that is under way; null where there is no chain. */
  readonly chain: ChainState | null;
}

/** Counts of acknowledged records by age at acknowledgement; `counts[i]` is for age <= `LATENCY_BUCKETS_SECONDS[i]`. */
export interface LatencyHistogram {
  /** One more than there are bounds: the last is everything above. Not cumulative. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

/** Upper bounds of the latency histogram, in seconds. */
export const LATENCY_BUCKETS_SECONDS = [
  0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
] as const;

/** Sent by the runner twice a second; its arrival is also the heartbeat. */
export interface RunnerStatus {
  /** Milliseconds since the epoch, when it was taken. */
  readonly at: number;
  /** Why the whole link waits (a cluster that does not answer), or null. */
  readonly waitingFor: string | null;
  readonly partitions: readonly PartitionStatus[];
  /** By mapping name; since this runner started. */
  readonly latency: Readonly<Record<string, LatencyHistogram>>;
  /** Digest of the effective filters by mapping name: SHA-256 over code and options, never over secrets. */
  readonly filterDigests: Readonly<Record<string, string>>;
  /** Resident memory of the runner in bytes. */
  readonly residentBytes: number;
}

/**
 * Commits how far the partitions of a link's mirrors are, all in one request a second: for lag tools, and to keep the
 * evidence and the beginning of a mirror. Where to go on is not read from it: that is the end of the mirror's log.
 */

import { groupOf } from "../model/progress.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";

export interface Progress {
  readonly offset: number;
  /** The text to commit beside it, asked for only when it is committed. */
  readonly describe: () => string;
}

const INTERVAL_MS = 1000;
/** Brokers forget offsets of groups without members after a week by default (offsets.retention.minutes). */
const REFRESH_MS = 3_600_000;

interface Entry {
  readonly topic: string;
  readonly partition: number;
  progress: Progress;
  /** What was committed last, and when; null where nothing was. */
  committed: { readonly progress: Progress; readonly at: number } | null;
}

export class ProgressNotes {
  readonly #cluster: Pick<ClusterClient, "commitOffsets">;
  readonly #group: string;
  readonly #entries = new Map<string, Entry>();
  readonly #timer: ReturnType<typeof setInterval>;
  #flushing: Promise<void> = Promise.resolve();

  constructor(cluster: Pick<ClusterClient, "commitOffsets">, link: string) {
    this.#cluster = cluster;
    this.#group = groupOf(link);
    // What could not be committed is committed with the next; that the cluster does not answer is said elsewhere.
    this.#timer = setInterval(() => void this.flush().catch(() => {}), INTERVAL_MS);
  }

  /** Notes down how far a partition is. */
  set(topic: string, partition: number, progress: Progress): void {
    const key = `${topic}/${partition}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, { topic, partition, progress, committed: null });
    else entry.progress = progress;
  }

  /** Leaves a partition to others: what is not committed by now never is. */
  forget(topic: string, partition: number): void {
    this.#entries.delete(`${topic}/${partition}`);
  }

  /** Commits all that was noted before the call. Rejects when the brokers do not take it. */
  flush(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#commit());
    this.#flushing = flushed.catch(() => {}); // whoever asked is told
    return flushed;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #commit(): Promise<void> {
    const now = Date.now();
    const due = [...this.#entries.values()].filter(
      ({ progress, committed }) => committed?.progress !== progress || now - committed.at > REFRESH_MS,
    );
    if (due.length === 0) return;
    const taken = due.map((entry) => ({ entry, progress: entry.progress }));
    await this.#cluster.commitOffsets(
      this.#group,
      taken.map(({ entry: { topic, partition }, progress: { offset, describe } }) => {
        return { topic, partition, offset, metadata: describe() };
      }),
    );
    for (const { entry, progress } of taken) entry.committed = { progress, at: now };
  }
}

/** How old records were when they were at the destination for good. */

import type { Acknowledgement } from "../model/batch.ts";
import { LATENCY_BUCKETS_SECONDS, type LatencyHistogram } from "../model/status.ts";

export class Latency {
  readonly #counts: number[] = new Array(LATENCY_BUCKETS_SECONDS.length + 1).fill(0);
  #sumSeconds = 0;

  get histogram(): LatencyHistogram {
    return { counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }

  /** Counts records; each batch has the age of its first record. A clock that is ahead at the source counts as 0. */
  record(ages: Acknowledgement["ages"], now: number): void {
    for (const { timestamp, records } of ages) {
      const seconds = Math.max(0, now - timestamp) / 1000;
      const bucket = LATENCY_BUCKETS_SECONDS.findIndex((bound) => seconds <= bound);
      const index = bucket < 0 ? LATENCY_BUCKETS_SECONDS.length : bucket;
      this.#counts[index] = (this.#counts[index] ?? 0) + records;
      this.#sumSeconds += seconds * records;
    }
  }
}

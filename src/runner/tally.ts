/** What filters did with the records of one batch, counted. */

import { NO_EVIDENCE } from "../model/evidence.ts";
import type { Evidence } from "../model/status.ts";

/** What is counted by filter. */
export type FilterCounts = Pick<Evidence, "changed" | "dropped" | "monitored">;

/** Of records that no filter looked at. */
export function keptEvidence(records: number): Evidence {
  return records === 0 ? NO_EVIDENCE : { ...NO_EVIDENCE, read: records, kept: records };
}

type Counts = Record<string, number>;
type CountsByFilter = Record<string, Counts>;

export class Tally {
  readonly #changed: CountsByFilter = {};
  readonly #dropped: Counts = {};
  readonly #monitored: CountsByFilter = {};

  drop(filter: string): void {
    count(this.#dropped, filter);
  }

  change(filter: string, paths: readonly string[]): void {
    const counts = countsOf(this.#changed, filter);
    for (const path of paths) count(counts, path);
  }

  /** What a filter that only looks on would have done: the paths it would have changed, `drop` or `fail`. */
  monitor(filter: string, paths: readonly string[]): void {
    const counts = countsOf(this.#monitored, filter);
    for (const path of paths) count(counts, path);
  }

  /** Adds what was counted elsewhere. */
  add({ changed, dropped, monitored }: FilterCounts): void {
    for (const [filter, times] of Object.entries(dropped)) count(this.#dropped, filter, times);
    for (const [sums, added] of [[this.#changed, changed] as const, [this.#monitored, monitored] as const]) {
      for (const [filter, counts] of Object.entries(added)) {
        for (const [path, times] of Object.entries(counts)) count(countsOf(sums, filter), path, times);
      }
    }
  }

  counts(): FilterCounts {
    return { changed: byFilter(this.#changed), dropped: { ...this.#dropped }, monitored: byFilter(this.#monitored) };
  }

  /** For so many records, of which so many were replaced or set aside in the end. */
  evidence(read: number, { replaced, quarantined }: Pick<Evidence, "replaced" | "quarantined">): Evidence {
    let kept = read - replaced - quarantined;
    for (const dropped of Object.values(this.#dropped)) kept -= dropped;
    return { ...NO_EVIDENCE, read, kept, replaced, quarantined, ...this.counts() };
  }
}

function countsOf(all: CountsByFilter, filter: string): Counts {
  let counts = all[filter];
  if (counts === undefined) {
    counts = {};
    all[filter] = counts;
  }
  return counts;
}

/** Paths are names that filters choose, and an object has some without having been given any, such as `constructor`. */
function count(counts: Counts, name: string, times = 1): void {
  const before: unknown = counts[name];
  counts[name] = typeof before === "number" ? before + times : times;
}

function byFilter(all: CountsByFilter): Record<string, Record<string, number>> {
  return Object.fromEntries(Object.entries(all).map(([filter, counts]) => [filter, { ...counts }]));
}

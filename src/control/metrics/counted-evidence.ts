/** Evidence as counters for Prometheus, which takes a count that falls for one that began anew. */

import type { Evidence } from "../../model/status.ts";
import { type LinkEvidence, sumEvidence } from "../evidence.ts";

type Counts = Readonly<Record<string, number>>;
type CountsByFilter = Readonly<Record<string, Counts>>;

/**
 * Remembers the highest counts it gave. After a crash the counts of a mirror are those noted a second before, and rise again
 * from there: given as they are, Prometheus would add the whole count once more. Where less than half of the records is
 * left it is another copy, and its counts begin anew.
 */
export class CountedEvidence {
  /** By link, then mapping and partition. */
  readonly #seen = new Map<string, ReadonlyMap<string, Evidence>>();

  /** The counts of each mapping of a link, without mappings that have a partition of which nothing was ever known. */
  of({ link, mappings }: LinkEvidence): ReadonlyMap<string, Evidence> {
    const before = this.#seen.get(link);
    const now = new Map<string, Evidence>();
    const counted = new Map<string, Evidence>();
    for (const { mapping, partitions } of mappings) {
      const parts = partitions.flatMap(({ partition, evidence }) => {
        const key = `${mapping}/${partition}`;
        const counts = notBelow(before?.get(key), evidence);
        if (counts === undefined) return [];
        now.set(key, counts);
        return [counts];
      });
      if (parts.length > 0 && parts.length === partitions.length) counted.set(mapping, sumEvidence(parts));
    }
    this.#seen.set(link, now);
    return counted;
  }

  /** Forgets links that are no more. */
  keepOnly(links: ReadonlySet<string>): void {
    for (const link of this.#seen.keys()) {
      if (!links.has(link)) this.#seen.delete(link);
    }
  }
}

function notBelow(before: Evidence | undefined, now: Evidence | null): Evidence | undefined {
  if (before === undefined || now === null) return now ?? before;
  return now.read < before.read / 2 ? now : highest(before, now);
}

function highest(a: Evidence, b: Evidence): Evidence {
  return {
    read: Math.max(a.read, b.read),
    kept: Math.max(a.kept, b.kept),
    replaced: Math.max(a.replaced, b.replaced),
    changed: highestByFilter(a.changed, b.changed),
    dropped: highestCounts(a.dropped, b.dropped),
    monitored: highestByFilter(a.monitored, b.monitored),
    quarantined: Math.max(a.quarantined, b.quarantined),
    expired: Math.max(a.expired, b.expired),
  };
}

function highestCounts(a: Counts, b: Counts): Counts {
  const all: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) all[name] = Math.max(all[name] ?? 0, count);
  return all;
}

function highestByFilter(a: CountsByFilter, b: CountsByFilter): CountsByFilter {
  const all: Record<string, Counts> = { ...a };
  for (const [filter, counts] of Object.entries(b)) all[filter] = highestCounts(all[filter] ?? {}, counts);
  return all;
}

/** What happened to the records of a partition, as counts. */

import type { Evidence } from "./status.ts";

export const NO_EVIDENCE: Evidence = {
  read: 0,
  kept: 0,
  replaced: 0,
  changed: {},
  dropped: {},
  monitored: {},
  quarantined: 0,
  expired: 0,
};

/** The sum of two counts. */
export function addEvidence(a: Evidence, b: Evidence): Evidence {
  if (b === NO_EVIDENCE) return a;
  if (a === NO_EVIDENCE) return b;
  return {
    read: a.read + b.read,
    kept: a.kept + b.kept,
    replaced: a.replaced + b.replaced,
    changed: addNested(a.changed, b.changed),
    dropped: addCounts(a.dropped, b.dropped),
    monitored: addNested(a.monitored, b.monitored),
    quarantined: a.quarantined + b.quarantined,
    expired: a.expired + b.expired,
  };
}

type Counts = Readonly<Record<string, number>>;

function addCounts(a: Counts, b: Counts): Counts {
  const sum: Record<string, number> = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

function addNested(a: Readonly<Record<string, Counts>>, b: Readonly<Record<string, Counts>>): Record<string, Counts> {
  const sum: Record<string, Counts> = { ...a };
  for (const [key, counts] of Object.entries(b)) sum[key] = addCounts(sum[key] ?? {}, counts);
  return sum;
}

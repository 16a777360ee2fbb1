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

/** What was counted between two moments, of which `before` is the earlier. */
export function evidenceSince(before: Evidence, after: Evidence): Evidence {
  const negative = (counts: Counts) => mapCounts(counts, (count) => -count);
  const nested = (counts: Evidence["changed"]) =>
    Object.fromEntries(Object.entries(counts).map(([name, each]) => [name, negative(each)]));
  const sum = addEvidence(after, {
    read: -before.read,
    kept: -before.kept,
    replaced: -before.replaced,
    changed: nested(before.changed),
    dropped: negative(before.dropped),
    monitored: nested(before.monitored),
    quarantined: -before.quarantined,
    expired: -before.expired,
  });
  // Counts by name may have been left out on the way (see model/progress.ts); what is not known to have happened is not said.
  const counted = (counts: Counts) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const countedByName = (counts: Evidence["changed"]) =>
    Object.fromEntries(Object.entries(counts).map(([name, each]) => [name, counted(each)]));
  return {
    ...sum,
    changed: countedByName(sum.changed),
    dropped: counted(sum.dropped),
    monitored: countedByName(sum.monitored),
  };
}

type Counts = Readonly<Record<string, number>>;

function mapCounts(counts: Counts, change: (count: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, change(count)]));
}

/** By way of maps: a filter may name a path as a member that every object has. */
function addCounts(a: Counts, b: Counts): Record<string, number> {
  const sum = new Map(Object.entries(a));
  for (const [key, count] of Object.entries(b)) sum.set(key, (sum.get(key) ?? 0) + count);
  return Object.fromEntries(sum);
}

function addNested(a: Readonly<Record<string, Counts>>, b: Readonly<Record<string, Counts>>): Record<string, Counts> {
  const sum = new Map(Object.entries(a));
  for (const [key, counts] of Object.entries(b)) sum.set(key, addCounts(sum.get(key) ?? {}, counts));
  return Object.fromEntries(sum);
}

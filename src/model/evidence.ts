/** What happened to the records of a partition, as counts, and how they are kept beside the committed offset. */

import type { Evidence } from "./status.ts";

export const NO_EVIDENCE: Evidence = {
  read: 0,
  kept: 0,
  replaced: 0,
  changed: {},
  dropped: {},
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
    quarantined: a.quarantined + b.quarantined,
    expired: a.expired + b.expired,
  };
}

/** Kafka's default limit for the text beside a committed offset (offset.metadata.max.bytes). */
const MAX_METADATA_BYTES = 4096;

/**
 * The text committed beside an offset. Where names make it too long, first the counts by path are left out, then those by
 * filter: an offset that brokers refuse would stop the partition. The totals stay right.
 */
export function encodeEvidence(evidence: Evidence): string {
  const { dropped } = evidence;
  const droppedByAll = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const shorter = [evidence, { ...evidence, changed: {} }].map((each) => JSON.stringify({ v: 1, evidence: each }));
  const fitting = shorter.find((text) => new TextEncoder().encode(text).byteLength <= MAX_METADATA_BYTES);
  return (
    fitting ??
    JSON.stringify({ v: 1, evidence: { ...evidence, changed: {}, dropped: { "all filters": droppedByAll } } })
  );
}

/** Reads what `encodeEvidence` wrote; null for anything else, such as an offset somebody committed by hand. */
export function decodeEvidence(metadata: string): Evidence | null {
  try {
    const parsed: unknown = JSON.parse(metadata);
    if (!isObject(parsed) || parsed["v"] !== 1 || !isObject(parsed["evidence"])) return null;
    const { read, kept, replaced, changed, dropped, quarantined, expired } = parsed["evidence"];
    const counts = [read, kept, replaced, quarantined, expired];
    if (!counts.every(isCount) || !isCounts(dropped) || !isObject(changed)) return null;
    if (!Object.values(changed).every(isCounts)) return null;
    return parsed["evidence"] as unknown as Evidence;
  } catch {
    // Not JSON: not ours.
    return null;
  }
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

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);
const isCounts = (value: unknown): value is Counts => isObject(value) && Object.values(value).every(isCount);

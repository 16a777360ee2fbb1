/** The lag of a link, computed from what was last seen on the clusters and heard from the runner. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import type { Link, Mapping } from "../config/resources.ts";
import type { PartitionStatus } from "../model/status.ts";
import type { ByPartition, CommittedOffset, OffsetRange } from "./cluster-connection.ts";
import { reportedPartition } from "./reported-partitions.ts";
import type { LinkSnapshot } from "./supervised-link.ts";

export const PartitionLag = Type.Object({
  mapping: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  destinationTopic: Type.String(),
  state: Type.Union([
    Type.Literal("seeding"),
    Type.Literal("running"),
    Type.Literal("paused"),
    Type.Literal("retrying"),
    Type.Literal("quarantined"),
    Type.Literal("diverged"),
    Type.Literal("failed"),
  ]),
  reason: OrNull(Type.String({ description: "Why it is in this state, in a sentence." })),
  sourceStartOffset: OrNull(Type.Integer()),
  sourceEndOffset: OrNull(Type.Integer({ description: "The last stable offset at the source." })),
  nextOffset: OrNull(Type.Integer({ description: "The next source offset to be acknowledged at the destination." })),
  lagRecords: OrNull(Type.Integer({ description: "max(0, end - max(next, start)); null while it cannot be known." })),
  lagMs: OrNull(
    Type.Integer({ description: "Age of the oldest record not acknowledged; 0 if none, null if unknown." }),
  ),
  recordsPerSecond: Type.Number(),
  bytesPerSecond: Type.Number(),
});
export type PartitionLag = Static<typeof PartitionLag>;

export const TotalLag = Type.Object(
  { lagRecords: OrNull(Type.Integer()), lagMs: OrNull(Type.Integer()) },
  { description: "The sum of the records and the highest age; null as soon as that of one partition is not known." },
);
export type TotalLag = Static<typeof TotalLag>;

export const LinkLag = Type.Object({
  link: Type.String(),
  at: Type.String({ format: "date-time" }),
  reason: OrNull(Type.String({ description: "Which cluster cannot be asked, and since when the numbers are." })),
  partitions: Type.Array(PartitionLag),
  total: TotalLag,
});
export type LinkLag = Static<typeof LinkLag>;

/** What was last seen on the two clusters of a link. */
export interface Observation {
  /** When the source last answered, milliseconds since the epoch; null if it never did. */
  readonly sourceAt: number | null;
  /** Why the last ask failed; null if it did not. */
  readonly sourceError: string | null;
  readonly destinationError: string | null;
  readonly offsets: ByPartition<OffsetRange>;
  /** Mapped topics that the source does not have or does not show, with what it says of them. */
  readonly missingTopics: ReadonlyMap<string, string>;
  /** How far mappings are by what the destination says: by link and mapping ({@link mappingKey}), then source partition. */
  readonly committed: ByPartition<CommittedOffset | null>;
  /** Where the partitions are that another strait of the link has, by link: the address it is at. */
  readonly elsewhere: ReadonlyMap<string, ByPartition<string>>;
  /** Timestamp of the record at an offset, by topic and partition; only the last one asked for. */
  readonly timestamps: ByPartition<{ readonly offset: number; readonly timestamp: number | null }>;
}

export const NOTHING_OBSERVED: Observation = {
  sourceAt: null,
  sourceError: null,
  destinationError: null,
  offsets: new Map(),
  missingTopics: new Map(),
  committed: new Map(),
  elsewhere: new Map(),
  timestamps: new Map(),
};

export interface Rates {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** A runner reports twice a second; what is older than this is no longer taken for what it does now. */
const FRESH_STATUS_MS = 3_000;

/** The key of a mapping in {@link Observation.committed}. Names hold no slash. */
export function mappingKey(link: string, mapping: string): string {
  return `${link}/${mapping}`;
}

/** What the runner reports of a partition now; undefined where it reports nothing or has fallen silent. */
export function freshStatus(
  snapshot: LinkSnapshot,
  mapping: Mapping,
  partition: number,
  now: number,
): PartitionStatus | undefined {
  if (snapshot.pid === null || snapshot.pid !== snapshot.statusPid) return undefined;
  if (now - snapshot.statusAt > FRESH_STATUS_MS) return undefined;
  return reportedPartition(snapshot.status, mapping.name, partition);
}

/** The next offset to be acknowledged at the destination: from the runner, else as committed, else as last heard. */
export function nextOffset(
  snapshot: LinkSnapshot,
  mapping: Mapping,
  partition: number,
  observation: Observation,
  now: number,
): number | null {
  const fresh = freshStatus(snapshot, mapping, partition, now)?.nextOffset;
  if (fresh !== undefined && fresh !== null) return fresh;
  const committed = observation.committed.get(mappingKey(snapshot.link.name, mapping.name))?.get(partition);
  return committed?.offset ?? reportedPartition(snapshot.status, mapping.name, partition)?.nextOffset ?? null;
}

/** Records between what is acknowledged and the end; null where the mapping's start is not decided yet. */
export function lagRecords(
  range: OffsetRange,
  next: number | null,
  mapping: Mapping,
  nothingCommitted: boolean,
): number | null {
  if (next !== null) return Math.max(0, range.end - Math.max(next, range.start));
  return mapping.start === "earliest" && nothingCommitted ? range.end - range.start : null;
}

/** The lag of all partitions of a link, in the order of its mappings. */
export function linkLag(
  link: Link,
  snapshot: LinkSnapshot,
  observation: Observation,
  ratesOf: (mapping: string, partition: number) => Rates,
  now: number,
): LinkLag {
  const partitions = link.mappings.flatMap((mapping) =>
    [...(observation.offsets.get(mapping.source) ?? new Map<number, OffsetRange>())]
      .sort(([a], [b]) => a - b)
      .map(([partition, range]): PartitionLag => {
        const rates = ratesOf(mapping.name, partition);
        return partitionLag({ link, mapping, partition, range, snapshot, observation, rates, now });
      }),
  );
  const unseen = link.mappings.filter(({ source }) => !observation.offsets.has(source));
  const reason = askProblem(link, observation) ?? missing(unseen, observation);
  return { link: link.name, at: new Date(now).toISOString(), reason, partitions, total: total(partitions, unseen) };
}

/** The total over partitions; unknown if mappings have partitions that were never seen. */
export function total(partitions: readonly PartitionLag[], unseen: readonly unknown[] = []): TotalLag {
  const known = (values: readonly (number | null)[], combine: (a: number, b: number) => number): number | null =>
    unseen.length > 0 || values.includes(null)
      ? null
      : values.reduce<number>((sum, value) => combine(sum, value ?? 0), 0);
  return {
    lagRecords: known(
      partitions.map((each) => each.lagRecords),
      (a, b) => a + b,
    ),
    lagMs: known(
      partitions.map((each) => each.lagMs),
      Math.max,
    ),
  };
}

interface PartitionFacts {
  readonly link: Link;
  readonly mapping: Mapping;
  readonly partition: number;
  readonly range: OffsetRange;
  readonly snapshot: LinkSnapshot;
  readonly observation: Observation;
  readonly rates: Rates;
  readonly now: number;
}

function partitionLag(facts: PartitionFacts): PartitionLag {
  const { link, mapping, partition, range, snapshot, observation, rates, now } = facts;
  const next = nextOffset(snapshot, mapping, partition, observation, now);
  const committed = observation.committed.get(mappingKey(link.name, mapping.name))?.get(partition);
  const records = lagRecords(range, next, mapping, committed === null);
  // An old zero may be wrong by now; an old number above zero is at least no all-clear.
  const uncertain = observation.sourceError !== null && records === 0;
  return {
    mapping: mapping.name,
    topic: mapping.source,
    partition,
    destinationTopic: mapping.destination,
    ...stateOf(facts),
    sourceStartOffset: range.start,
    sourceEndOffset: range.end,
    nextOffset: next,
    lagRecords: uncertain ? null : records,
    lagMs: uncertain ? null : lagMs(facts, records, next),
    recordsPerSecond: rounded(rates.recordsPerSecond),
    bytesPerSecond: rounded(rates.bytesPerSecond),
  };
}

function lagMs(facts: PartitionFacts, records: number | null, next: number | null): number | null {
  const { snapshot, mapping, partition, observation, range, now } = facts;
  if (records === null) return null;
  if (records === 0) return 0;
  const fresh = freshStatus(snapshot, mapping, partition, now);
  const pending = fresh?.oldestPendingTimestamp ?? null;
  if (pending !== null && pending >= 0) return Math.max(0, Math.round(now - pending));
  const asked = observation.timestamps.get(mapping.source)?.get(partition);
  const wanted = Math.max(next ?? range.start, range.start);
  if (asked === undefined || asked.timestamp === null || asked.timestamp < 0 || asked.offset > wanted) return null;
  // While records flow the one asked about is already behind, and its age is close enough. Where nothing moves, it would
  // be the age of a record that was copied long ago.
  if (asked.offset !== wanted && fresh?.state !== "running") return null;
  return Math.max(0, Math.round(now - asked.timestamp));
}

function stateOf(facts: PartitionFacts): Pick<PartitionLag, "state" | "reason"> {
  const { link, mapping, partition, snapshot, observation, now } = facts;
  const fresh = freshStatus(snapshot, mapping, partition, now);
  if (observation.sourceError !== null) return { state: "retrying", reason: askProblem(link, observation) };
  if (fresh !== undefined) return { state: fresh.state, reason: fresh.reason };
  if (observation.destinationError !== null) return { state: "retrying", reason: askProblem(link, observation) };
  if (link.paused || mapping.paused) return { state: "paused", reason: "paused by an operator" };
  const other = observation.elsewhere.get(link.name)?.get(mapping.source)?.get(partition);
  if (other !== undefined) return { state: "running", reason: `another strait of this link has it, at ${other}` };
  const reason = snapshot.state === "running" ? "the runner has not been assigned this partition" : snapshot.reason;
  return { state: "retrying", reason: reason ?? `the link is ${snapshot.state}` };
}

/** Which cluster could not be asked, in a sentence; null if both could. */
function askProblem(link: Link, observation: Observation): string | null {
  const { sourceError, sourceAt, destinationError } = observation;
  if (sourceError !== null) {
    const since =
      sourceAt === null ? "it has not answered yet" : `its offsets are of ${new Date(sourceAt).toISOString()}`;
    return `source cluster ${link.source} cannot be asked (${since}): ${sourceError}`;
  }
  if (destinationError === null) return null;
  return `destination cluster ${link.destination} cannot be asked for what is copied: ${destinationError}`;
}

function missing(unseen: readonly Mapping[], observation: Observation): string | null {
  if (unseen.length === 0) return null;
  const [first] = unseen.flatMap(({ source }) => observation.missingTopics.get(source) ?? []);
  return first ?? "the source has not been asked yet";
}

function rounded(rate: number): number {
  return Math.round(rate * 10) / 10;
}

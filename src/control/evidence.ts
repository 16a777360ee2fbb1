/** What happened to the records of a link: from its runner, or from what is committed with the offsets. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import { PolicyReference } from "../config/policy.ts";
import { type Rulings, rulingOf } from "../config/policy-ruling.ts";
import type { Link, Mapping } from "../config/resources.ts";
import { addEvidence, NO_EVIDENCE } from "../model/evidence.ts";
import type { ChainState } from "../model/evidence-chain.ts";
import { decodeNote } from "../model/progress.ts";
import type { Evidence } from "../model/status.ts";
import { freshStatus, mappingKey, type Observation } from "./lag.ts";
import { reportedPartitions } from "./reported-partitions.ts";
import type { LinkSnapshot } from "./supervised-link.ts";

const Count = Type.Integer({ minimum: 0 });

export const EvidenceCounts = Type.Object({
  read: Count,
  kept: Count,
  replaced: Count,
  changed: Type.Record(Type.String(), Type.Record(Type.String(), Count), { description: "By filter, then path." }),
  dropped: Type.Record(Type.String(), Count, { description: "By filter." }),
  monitored: Type.Record(Type.String(), Type.Record(Type.String(), Count), {
    description: "What filters that only look on would have done, by filter, then path, `drop` or `fail`.",
  }),
  quarantined: Count,
  expired: Count,
});

const PartitionEvidence = Type.Object({
  topic: Type.String(),
  partition: Type.Integer(),
  evidence: OrNull(EvidenceCounts),
  filtersFrom: OrNull(
    Type.Integer({
      description: "The source offset since which these filters are at work; null if unknown or none are.",
    }),
  ),
});

export const MappingEvidence = Type.Object({
  mapping: Type.String(),
  filterDigest: OrNull(Type.String({ description: "SHA-256 over code and options of the filters; null if unknown." })),
  policies: Type.Array(PolicyReference, {
    description: "The policies that name its topic, as they are now, in the order in which their filters run.",
  }),
  evidence: OrNull(EvidenceCounts),
  note: OrNull(Type.String({ description: "Why something is unknown." })),
  partitions: Type.Array(PartitionEvidence),
});
export type MappingEvidence = Static<typeof MappingEvidence>;

export const LinkEvidence = Type.Object({
  link: Type.String(),
  at: Type.String({ format: "date-time" }),
  mappings: Type.Array(MappingEvidence),
});
export type LinkEvidence = Static<typeof LinkEvidence>;

export function linkEvidence(
  link: Link,
  snapshot: LinkSnapshot,
  observation: Observation,
  rulings: Rulings,
  now: number,
): LinkEvidence {
  const mappings = link.mappings.map((mapping) => ({
    ...mappingEvidence(mapping, snapshot, observation, now),
    policies: [...rulingOf(rulings, mapping).policies],
  }));
  return { link: link.name, at: new Date(now).toISOString(), mappings };
}

/** A sum over partitions. */
export function sumEvidence(parts: readonly Evidence[]): Evidence {
  return parts.reduce(addEvidence, NO_EVIDENCE);
}

function mappingEvidence(
  mapping: Mapping,
  snapshot: LinkSnapshot,
  observation: Observation,
  now: number,
): Omit<MappingEvidence, "policies"> {
  const known = [...(observation.offsets.get(mapping.source)?.keys() ?? [])].sort((a, b) => a - b);
  const numbers = known.length > 0 ? known : [...reportedPartitions(snapshot.status, mapping.name).keys()];
  const partitions = numbers.map((partition) => ({
    topic: mapping.source,
    partition,
    ...partitionEvidence(mapping, partition, snapshot, observation, now),
  }));
  const counts = partitions.flatMap(({ evidence }) => (evidence === null ? [] : [evidence]));
  const complete = partitions.length > 0 && counts.length === partitions.length;
  return {
    mapping: mapping.name,
    filterDigest: snapshot.status?.filterDigests[mapping.name] ?? null,
    evidence: complete ? mutableCounts(sumEvidence(counts)) : null,
    note: complete ? null : "the runner does not report and no evidence is readable beside the committed offsets",
    partitions,
  };
}

function partitionEvidence(
  mapping: Mapping,
  partition: number,
  snapshot: LinkSnapshot,
  observation: Observation,
  now: number,
) {
  const fresh = freshStatus(snapshot, mapping, partition, now);
  // Before the runner knows where it is, its counts are those of a beginning.
  if (fresh !== undefined && fresh.nextOffset !== null) return counted(fresh.evidence, fresh.chain);
  const committed = observation.committed.get(mappingKey(snapshot.link.name, mapping.name))?.get(partition);
  if (committed === null) return counted(NO_EVIDENCE, null);
  const found = committed === undefined ? null : decodeNote(committed.metadata ?? "");
  return found ? counted(found.evidence, found.chain) : { evidence: null, filtersFrom: null };
}

function counted(evidence: Evidence, chain: ChainState | null) {
  return { evidence: mutableCounts(evidence), filtersFrom: chain?.filtersFrom ?? null };
}

/** The schema's type has no readonly; the content is the same. */
export function mutableCounts(evidence: Evidence): Static<typeof EvidenceCounts> {
  return evidence as Static<typeof EvidenceCounts>;
}

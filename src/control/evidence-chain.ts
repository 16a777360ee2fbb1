/** The chain of evidence of a link, read from where its runner writes it. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import { PolicyReference } from "../config/policy.ts";
import { FilterUse, type Link, type Mapping } from "../config/resources.ts";
import { evidenceSince, NO_EVIDENCE } from "../model/evidence.ts";
import { type ChainState, chainTo, type EvidenceRange, type FilterSet } from "../model/evidence-chain.ts";
import { decodeEvidence, evidenceTopicOf } from "../model/evidence-topic.ts";
import { decodeNote } from "../model/progress.ts";
import { linkProgress } from "../wire/link-progress.ts";
import type { ClusterConnection } from "./cluster-connection.ts";
import { EvidenceCounts, mutableCounts } from "./evidence.ts";

/** Ranges of a partition in one answer; the last ones. */
const MOST_RANGES = 1000;

const Offset = Type.Integer({ minimum: 0 });
const Moment = Type.String({ format: "date-time" });
const Hash = Type.String({ description: "SHA-256, hex." });

const RangeOfEvidence = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1 }),
    from: Offset,
    to: Type.Integer({ minimum: 0, description: "Exclusive." }),
    since: Moment,
    until: Moment,
    filterDigest: Hash,
    uncounted: Type.Integer({
      minimum: 0,
      description:
        "Offsets at its end that were copied, and whose counts a crash took just before the filters changed.",
    }),
    evidence: EvidenceCounts,
    previousHash: Hash,
    hash: Hash,
  },
  { description: "Source offsets that went through the same filters, and what happened to their records." },
);

const OpenRange = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1 }),
    from: Offset,
    to: Type.Integer({ minimum: 0, description: "Exclusive; as noted last, a second or so ago." }),
    since: Moment,
    filterDigest: Hash,
    filtersFrom: Type.Integer({ minimum: 0, description: "Since which offset these filters are at work." }),
    evidence: EvidenceCounts,
    head: Type.String({ description: "Hash of the last range that is over; zeros before the first." }),
  },
  { description: "The range that is not over yet. It is in no hash." },
);

const PartitionChain = Type.Object({
  topic: Type.String(),
  partition: Type.Integer(),
  ranges: Type.Array(RangeOfEvidence, {
    description: `From the oldest to the newest, at most the last ${MOST_RANGES}.`,
  }),
  omitted: Type.Integer({ description: "How many older ranges were left out; they were checked too." }),
  open: OrNull(OpenRange),
  problem: OrNull(Type.String({ description: "What is missing or was changed; null for a chain that is whole." })),
});

export const EvidenceChain = Type.Object({
  link: Type.String(),
  at: Moment,
  topic: Type.String({ description: "Where it is kept, at the destination." }),
  mappings: Type.Array(Type.Object({ mapping: Type.String(), partitions: Type.Array(PartitionChain) })),
  filterSets: Type.Array(
    Type.Object({
      digest: Hash,
      filters: Type.Array(
        Type.Object({ ...FilterUse.properties, policy: OrNull(Type.String({ description: "What put it there." })) }),
      ),
      policies: Type.Array(PolicyReference, { description: "The policies that let the records leave." }),
    }),
    { description: "The filters that the digests stand for, as they were configured." },
  ),
});
export type EvidenceChain = Static<typeof EvidenceChain>;

/**
 * The chains of a link's mappings, checked. The whole topic is read, in which every partition has an entry an hour at most
 * and one for each change of its filters. Rejects with what the destination says.
 */
export async function evidenceChain(
  link: Link,
  mappings: readonly Mapping[],
  destination: ClusterConnection,
  partitionsOf: (mapping: Mapping) => readonly number[],
): Promise<EvidenceChain> {
  const topic = evidenceTopicOf(link.name);
  const noted = await Promise.all(
    mappings.map((mapping) => linkProgress(destination, link.name, mapping.destination, partitionsOf(mapping))),
  );
  const { ranges, filterSets } = await readEvidence(destination, topic);
  return {
    link: link.name,
    at: new Date().toISOString(),
    topic,
    mappings: mappings.map(({ name, source }, index) => ({
      mapping: name,
      partitions: [...(noted[index] ?? [])].map(([partition, committed]) => {
        const note = decodeNote(committed?.metadata ?? "");
        const found = ranges.get(`${name}/${partition}`) ?? [];
        return partitionChain(source, partition, found, note && { ...note, offset: committed?.offset ?? 0 });
      }),
    })),
    filterSets: filterSets as EvidenceChain["filterSets"],
  };
}

interface Noted {
  readonly offset: number;
  readonly chain: ChainState | null;
  readonly evidence: EvidenceRange["totals"];
}

function partitionChain(topic: string, partition: number, found: readonly EvidenceRange[], noted: Noted | null) {
  const chain = noted?.chain ?? null;
  if (noted === null || chain === null) {
    const problem = found.length === 0 ? null : "where the chain ends is not noted any more";
    return { topic, partition, ranges: [], omitted: found.length, open: null, problem };
  }
  const { ranges, problem } = chainTo(chain.head, found);
  const all = ranges.map(
    ({ sequence, from, to, since, until, filterDigest, uncounted, totals, previousHash, hash }, index) => {
      const before = ranges[index - 1]?.totals ?? NO_EVIDENCE;
      const evidence = mutableCounts(evidenceSince(before, totals));
      return { sequence, from, to, since, until, filterDigest, uncounted, evidence, previousHash, hash };
    },
  );
  const evidence = mutableCounts(evidenceSince(ranges.at(-1)?.totals ?? NO_EVIDENCE, noted.evidence));
  const shown = all.slice(-MOST_RANGES);
  const open = { ...chain, to: Math.max(noted.offset, chain.from), evidence };
  return { topic, partition, ranges: shown, omitted: all.length - shown.length, open, problem };
}

/** All of the topic, by mapping and partition; nothing where there is no such topic. */
async function readEvidence(destination: ClusterConnection, topic: string) {
  const ranges = new Map<string, EvidenceRange[]>();
  const filterSets = new Map<string, FilterSet>();
  for await (const records of destination.readPartition(topic, 0)) {
    for (const { value } of records) {
      const entry = decodeEvidence(value);
      if (entry?.kind === "filters") filterSets.set(entry.digest, withoutKind(entry));
      if (entry?.kind !== "range") continue;
      const range = withoutKind(entry);
      const key = `${range.mapping}/${range.partition}`;
      const others = ranges.get(key);
      if (others === undefined) ranges.set(key, [range]);
      else others.push(range);
    }
  }
  return { ranges, filterSets: [...filterSets.values()] };
}

function withoutKind<Entry extends { readonly kind: string }>({ kind: _, ...entry }: Entry): Omit<Entry, "kind"> {
  return entry;
}

/** What is in the topic that keeps the evidence of a link: the ranges of its partitions, and the filters they name. */

import type { EvidenceRange, FilterSet } from "./evidence-chain.ts";

/** The topic at the destination that keeps a link's evidence. It has one partition and keeps everything. */
export const evidenceTopicOf = (link: string) => `strait.${link}.evidence`;

export type EvidenceEntry =
  | ({ readonly kind: "filters" } & FilterSet)
  /** The members of the range are in the order in which its hash was made. */
  | ({ readonly kind: "range" } & EvidenceRange);

/** An entry as a record. */
export function encodeEvidence(entry: EvidenceEntry): { readonly key: Uint8Array; readonly value: Uint8Array } {
  const key = entry.kind === "filters" ? `filters/${entry.digest}` : `${entry.mapping}/${entry.partition}`;
  const encoder = new TextEncoder();
  return { key: encoder.encode(key), value: encoder.encode(JSON.stringify(entry)) };
}

/** Reads what `encodeEvidence` wrote; null for anything else. That a range is whole is for its chain to say. */
export function decodeEvidence(value: Uint8Array | null): EvidenceEntry | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value ?? new Uint8Array()));
    if (typeof parsed !== "object" || parsed === null) return null;
    const { kind, digest, filters, policies, hash, previousHash, totals } = parsed as Record<string, unknown>;
    const text = (...each: unknown[]) => each.every((one) => typeof one === "string");
    const isFilters = kind === "filters" && text(digest) && Array.isArray(filters) && Array.isArray(policies);
    const isRange = kind === "range" && text(hash, previousHash) && typeof totals === "object" && totals !== null;
    return isFilters || isRange ? (parsed as EvidenceEntry) : null;
  } catch {
    // Not JSON: not ours.
    return null;
  }
}

/**
 * Where a link's progress is kept: as committed offsets of group `strait.<link>` on the destination cluster. A committed
 * offset belongs to a partition that exists there, so it is keyed by the destination topic and the source's partition
 * number or, where the destination has (or once had) fewer partitions, by an empty helper topic with as many as the source.
 */

import type { ChainState } from "./evidence-chain.ts";
import type { Evidence } from "./status.ts";

/** The consumer group of a link: on the source for the assignment, on the destination for the progress. */
export const groupOf = (link: string) => `strait.${link}`;

/** How a strait with this node id calls its member of that group on the source. */
export const memberOf = (nodeId: string) => `strait-${nodeId}`;

/** The group whose offsets on the destination say which runner may write markers to the link's mirrors. */
export const claimGroupOf = (link: string) => `strait.${link}.holes`;

/** The topic that carries the offsets where the destination topic has too few partitions for it. */
export const offsetTopicOf = (destination: string) => `${destination}.strait-offsets`;

/** What is written beside a committed offset. */
export interface ProgressNote {
  /** How the records before the offset were copied: the two ways cannot go on with each other's topics. */
  readonly mode: "append" | "mirror";
  /** The source topic that the offset is of: a destination topic alone does not say so. */
  readonly source: string;
  /** The id of the source topic (a UUID), which a topic made anew with the same name does not have; null if unknown. */
  readonly sourceId: string | null;
  /** The source offset a mirror begins at: what is before was never there to be read. Null in mode append. */
  readonly start: number | null;
  /** What happened to the records before the offset. */
  readonly evidence: Evidence;
  /** The chain of evidence; null where there is none, as without filters. */
  readonly chain: ChainState | null;
}

/** Kafka's default limit for the text beside a committed offset (offset.metadata.max.bytes). */
const MAX_METADATA_BYTES = 4096;

/**
 * The text committed beside an offset. Where names make it too long, first the counts by path are left out, then those by
 * filter: an offset that brokers refuse would stop the partition. The totals stay right.
 */
export function encodeNote({ mode, source, sourceId, start, evidence, chain }: ProgressNote): string {
  const droppedByAll = Object.values(evidence.dropped).reduce((sum, count) => sum + count, 0);
  const shortest = { ...evidence, changed: {}, monitored: {}, dropped: { "all filters": droppedByAll } };
  const texts = [evidence, { ...evidence, changed: {}, monitored: {} }, shortest].map((each) =>
    JSON.stringify({ v: 1, mode, source, sourceId, start, evidence: each, ...(chain === null ? {} : { chain }) }),
  );
  const fits = (text: string) => new TextEncoder().encode(text).byteLength <= MAX_METADATA_BYTES;
  return texts.find(fits) ?? (texts.at(-1) as string);
}

/** Reads what `encodeNote` wrote; null for anything else, such as what somebody committed by hand. */
export function decodeNote(metadata: string): ProgressNote | null {
  try {
    const parsed: unknown = JSON.parse(metadata);
    if (!isObject(parsed) || parsed["v"] !== 1 || !isObject(parsed["evidence"])) return null;
    if (typeof parsed["source"] !== "string") return null;
    // Notes of earlier versions do not have what was added since.
    const evidence: Record<string, unknown> = { monitored: {}, ...parsed["evidence"] };
    const { read, kept, replaced, changed, dropped, monitored, quarantined, expired } = evidence;
    const counts = [read, kept, replaced, quarantined, expired];
    if (!counts.every(isCount) || !isCounts(dropped)) return null;
    if (![changed, monitored].every((each) => isObject(each) && Object.values(each).every(isCounts))) return null;
    const { mode = "append", source, sourceId = null, start = null, chain = null } = parsed;
    if ((mode !== "append" && mode !== "mirror") || (sourceId !== null && typeof sourceId !== "string")) return null;
    if (start !== null && !isCount(start)) return null;
    if (chain !== null && !isChain(chain)) return null;
    return { mode, source, sourceId, start, evidence: evidence as unknown as Evidence, chain };
  } catch {
    // Not JSON: not ours.
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isChain = (value: unknown): value is ChainState =>
  isObject(value) &&
  [value["sequence"], value["from"], value["filtersFrom"]].every(isCount) &&
  [value["since"], value["filterDigest"], value["head"]].every((each) => typeof each === "string");
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);
const isCounts = (value: unknown): boolean => isObject(value) && Object.values(value).every(isCount);

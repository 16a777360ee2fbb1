/**
 * The chain of evidence of one partition: ranges of source offsets, each with the filters that were at work and the counts
 * at its end, and with the hash of the range before. Who has the last hash can tell whether any of it was changed since.
 */

import { createHash } from "node:crypto";
import type { PolicyReference } from "../config/policy.ts";
import type { ChainedFilter } from "../config/resources.ts";
import type { Evidence } from "./status.ts";

/** What a chain is about. */
export interface ChainSubject {
  readonly link: string;
  readonly mapping: string;
  /** At the source. */
  readonly topic: string;
  readonly partition: number;
  readonly destinationTopic: string;
}

/** The filters of a mapping, policies' included. Written down when they begin to work; ranges name them by their digest. */
export interface FilterSet {
  /** SHA-256, hex, over their code and options, and over the policies where there are some. */
  readonly digest: string;
  /** As configured; secrets are in it as references. */
  readonly filters: readonly ChainedFilter[];
  /** The policies that let the records leave. */
  readonly policies: readonly PolicyReference[];
}

/** The set of filters whose own digest is `filtersDigest`. */
export function filterSetOf(
  filtersDigest: string,
  filters: readonly ChainedFilter[],
  policies: readonly PolicyReference[],
): FilterSet {
  const all = JSON.stringify([filtersDigest, policies.map(({ name, digest }) => [name, digest])]);
  const digest = policies.length === 0 ? filtersDigest : createHash("sha256").update(all).digest("hex");
  return { digest, filters, policies };
}

/** A range that is over. */
export interface EvidenceRange extends ChainSubject {
  /** Counts up by one, from 1. */
  readonly sequence: number;
  /** Source offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** When it began and ended, ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly filterDigest: string;
  /** So many offsets before `to` were copied and not counted: a crash took the counts, and then the filters changed. */
  readonly uncounted: number;
  /** Everything since the first copy up to `to`; what happened in the range is the difference to the range before. */
  readonly totals: Evidence;
  /** Hash of the range before; zeros for the first. */
  readonly previousHash: string;
  /** SHA-256, hex, over the JSON of the range without this field. */
  readonly hash: string;
}

/** Where a chain stands: the range that is not over yet. */
export interface ChainState {
  readonly sequence: number;
  readonly from: number;
  readonly since: string;
  readonly filterDigest: string;
  /** Since which source offset these filters are at work; ranges end for other reasons too. */
  readonly filtersFrom: number;
  /** Hash of the last range that is over; zeros before the first. */
  readonly head: string;
}

export const FIRST_HASH = "0".repeat(64);

export function beginChain(from: number, filterDigest: string, now: Date): ChainState {
  return { sequence: 1, from, since: now.toISOString(), filterDigest, filtersFrom: from, head: FIRST_HASH };
}

/** Other filters go to work at `from`, which is where the range under way begins. */
export function changeFilters(state: ChainState, filterDigest: string): ChainState {
  return { ...state, filterDigest, filtersFrom: state.from };
}

/** Ends the range under way at `to`; `next` is the one that begins there. */
export function closeRange(
  subject: ChainSubject,
  state: ChainState,
  end: { readonly to: number; readonly uncounted: number; readonly totals: Evidence; readonly now: Date },
): { readonly range: EvidenceRange; readonly next: ChainState } {
  const { link, mapping, topic, partition, destinationTopic } = subject;
  const until = end.now.toISOString();
  const content = {
    ...{ link, mapping, topic, partition, destinationTopic },
    sequence: state.sequence,
    from: state.from,
    to: end.to,
    since: state.since,
    until,
    filterDigest: state.filterDigest,
    uncounted: end.uncounted,
    totals: end.totals,
    previousHash: state.head,
  };
  const hash = hashOf(content);
  const next = { ...state, sequence: state.sequence + 1, from: end.to, since: until, head: hash };
  return { range: { ...content, hash }, next };
}

/** The ranges from the first to the one with the hash `head`, as far back as they are whole. */
export interface Chain {
  readonly ranges: readonly EvidenceRange[];
  /** What is wrong, in a sentence: a range is missing or was changed. Null for a chain that is whole. */
  readonly problem: string | null;
}

/**
 * Follows the hashes back from `head`. Ranges that lead nowhere are left out: a crash between writing a range and noting it
 * down makes it end again elsewhere.
 */
export function chainTo(head: string, found: readonly EvidenceRange[]): Chain {
  const byHash = new Map(found.map((range) => [range.hash, range]));
  const ranges: EvidenceRange[] = [];
  for (let hash = head; hash !== FIRST_HASH; ) {
    const range = byHash.get(hash);
    const later = ranges[0];
    const before = later === undefined ? "the last range" : `the range before number ${later.sequence}`;
    if (range === undefined) return { ranges, problem: `${before} is missing (hash ${hash})` };
    const { hash: _, ...content } = range;
    if (hashOf(content) !== hash) return { ranges, problem: `${before} is not what was written` };
    if (later !== undefined && (range.to !== later.from || range.sequence !== later.sequence - 1)) {
      return { ranges, problem: `${before} does not end where the next one begins` };
    }
    ranges.unshift(range);
    hash = range.previousHash;
  }
  return { ranges, problem: null };
}

function hashOf(content: Omit<EvidenceRange, "hash">): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Opens one partition of a mirror: what was copied before, where it goes on, and that nobody else has been there. */

import type { Mapping } from "../config/resources.ts";
import { NO_EVIDENCE } from "../model/evidence.ts";
import { claimGroupOf, decodeNote, encodeNote, groupOf, type ProgressNote } from "../model/progress.ts";
import type { Evidence } from "../model/status.ts";
import { firstForeign } from "../sinks/foreign-records.ts";
import { type ClaimStore, HoleClaim } from "../sinks/hole-claim.ts";
import { HoleFiller } from "../sinks/hole-filler.ts";
import { diverged } from "../sinks/mirror-errors.ts";
import { mirrorIdentity } from "../sinks/mirror-identity.ts";
import { MirrorLog } from "../sinks/mirror-log.ts";
import { cutPrefix, fillPrefix, SHORT_PREFIX } from "../sinks/mirror-prefix.ts";
import type { MirrorTopic } from "../sync/mirror-topic.ts";
import { linkProgress } from "../wire/link-progress.ts";
import type { EvidenceLedger, OpenLedger } from "./evidence-ledger.ts";
import type { Opening } from "./lane.ts";
import type { LinkConnections } from "./link-connections.ts";
import { resolvePosition, startOfPartition } from "./position.ts";
import { requireSameCopy } from "./same-copy.ts";

export interface OpenMirrorOptions {
  readonly connections: LinkConnections;
  readonly link: string;
  readonly mapping: Mapping;
  readonly topic: MirrorTopic;
  readonly partition: number;
  readonly opening: Opening;
  readonly openLedger: OpenLedger;
}

export interface MirrorPosition {
  /** Ends where the next record goes. */
  readonly log: MirrorLog;
  /** Where the source is read from: before the end of the log by what is to be counted again after a crash. */
  readonly from: number;
  /** What was counted before `from`. */
  readonly evidence: Evidence;
  readonly ledger: EvidenceLedger | null;
  /** The text to commit beside an offset. */
  readonly describe: (evidence: Evidence) => string;
}

/** How much of a mirror is looked at when there is no note of how far it was. */
const UNKNOWN_TAIL = 100_000;

/**
 * Rejects with `diverged` where others have written to the mirror, `source-truncated` where the source is not the topic it
 * was, `records-expired`, `conflict` where the destination is not this mapping's, and what the brokers say.
 */
export async function openMirror(options: OpenMirrorOptions): Promise<MirrorPosition> {
  const { connections, link, mapping, topic, partition, opening } = options;
  const { destination } = mapping;
  const where = { topic: destination, partition };
  const identity = mirrorIdentity(link, destination, partition);
  const { connection: leader, writer, leader: led } = await connections.mirrors.mirrorPartition(destination, partition);
  const filler = new HoleFiller({
    capabilities: await connections.mirrors.holes(),
    claim: new HoleClaim({ store: claimStore(options), node: connections.nodeId }),
    coordinator: (transactionalId) => connections.mirrors.coordinator(transactionalId),
  });
  const log = await MirrorLog.open({
    ...where,
    leader,
    writer,
    leaderEpoch: led.epoch,
    identity,
    filler,
    signal: opening.signal,
  });
  const known = await noteOf(options, log.end);
  const logStart = (await connections.destination.logStartOffsets(destination, [partition])).get(partition) ?? 0;
  const begin =
    known?.start ?? (log.end === 0 ? await startOfPartition(connections.source, mapping, partition) : logStart);

  const unseen = known?.offset ?? Math.max(logStart, log.end - UNKNOWN_TAIL);
  const foreign = await firstForeign(leader, { ...where, from: Math.max(unseen, logStart), to: log.end, identity });
  if (foreign !== null) throw diverged(where, `the record at offset ${foreign} is not of link ${link}`, foreign);

  const counted = known?.evidence ?? NO_EVIDENCE;
  const countedTo = Math.min(known?.offset ?? Math.max(log.end, begin), Math.max(log.end, begin));
  const next = Math.max(log.end, begin);
  const ledgerStart = { known: known?.chain ?? null, counted: countedTo, totals: counted, next };
  const ledger = await options.openLedger(partition, ledgerStart);
  const fixed = { mode: "mirror", source: mapping.source, sourceId: topic.sourceId, start: begin } as const;
  const describe = (evidence: Evidence) => encodeNote({ ...fixed, evidence, chain: ledger?.state ?? null });
  if (known === null || ledger?.changed) {
    // Written down before the first record: "latest" must mean the same moment after a crash.
    const at = { ...where, offset: ledger?.countFrom ?? countedTo, metadata: describe(counted) };
    await connections.destination.commitOffsets(groupOf(link), [at]);
  }
  const prefix = { leader, ...where, start: begin, maxBatchBytes: topic.maxMessageBytes, signal: opening.signal };
  const progress = (end: number) =>
    opening.progress(`taking up the offsets before the start of the source: ${end} of ${begin}`);
  if (log.end < begin && begin <= SHORT_PREFIX) await log.fill(begin, progress);
  else if (log.end < begin) await fillPrefix(log, { ...prefix, progress });
  else if (begin > SHORT_PREFIX && logStart < begin) await cutPrefix({ ...prefix, progress });

  const { offset, expired } = await resolvePosition(connections.source, mapping, partition, log.end);
  if (expired === 0) {
    const from = await countingFrom(options, ledger?.countFrom ?? countedTo, offset);
    return { log, from, evidence: counted, ledger, describe };
  }
  await log.fill(offset, (end) => opening.progress(`taking up the offsets of expired records: ${end} of ${offset}`));
  return { log, from: offset, evidence: { ...counted, expired: counted.expired + expired }, ledger, describe };
}

/** Where to count from what a crash kept from being noted: as far back as the source still has it. */
async function countingFrom(
  { connections, mapping, partition }: OpenMirrorOptions,
  countedTo: number,
  end: number,
): Promise<number> {
  if (countedTo >= end) return end;
  const starts = await connections.source.logStartOffsets(mapping.source, [partition]);
  return Math.min(Math.max(countedTo, starts.get(partition) ?? 0), end);
}

/**
 * What is known of the copy so far; null where there is none, or where the mirror was emptied since by an operator who wants
 * it anew. Rejects where the copy was of something else.
 */
async function noteOf(
  { connections, link, mapping, topic, partition }: OpenMirrorOptions,
  end: number,
): Promise<(ProgressNote & { readonly offset: number }) | null> {
  const progress = await linkProgress(connections.destination, link, mapping.destination, [partition]);
  const committed = progress.get(partition) ?? null;
  const note = committed && decodeNote(committed.metadata);
  if (committed === null || note === null) return null;
  const recreated = note.sourceId !== null && topic.sourceId !== null && note.sourceId !== topic.sourceId;
  if (end === 0 && (recreated || committed.offset > (note.start ?? 0))) return null;
  requireSameCopy(link, mapping, note);
  return { ...note, offset: committed.offset };
}

function claimStore({
  connections: { destination: cluster },
  link,
  mapping,
  partition,
}: OpenMirrorOptions): ClaimStore {
  const topic = mapping.destination;
  const group = claimGroupOf(link);
  return {
    read: async () => {
      const committed = await cluster.committedOffsets(group, new Map([[topic, [partition]]]));
      return committed.get(topic)?.get(partition) ?? null;
    },
    write: (offset, metadata) => cluster.commitOffsets(group, [{ topic, partition, offset, metadata }]),
  };
}

/**
 * Takes up the offsets of a mirror that no record of the source has: what compaction removed, markers of transactions,
 * aborted records, records that a filter drops. Nothing of it is seen by any consumer.
 *
 * Abort markers written by themselves are fast and need the right CLUSTER_ACTION. Where they are refused, or where a broker
 * says yes and appends nothing, each offset costs a transaction without content that is aborted.
 */

import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "../wire/broker-connection.ts";
import { describeProducers } from "../wire/describe-producers.ts";
import { appendEmptyTransaction } from "../wire/empty-transaction.ts";
import { initProducerId, type ProducerIdentity } from "../wire/init-producer-id.ts";
import { type LogPosition, leaderEnd } from "../wire/log-state.ts";
import { writeAbortMarkers } from "../wire/markers.ts";
import { retryFor } from "../wire/retry.ts";
import type { HoleClaim } from "./hole-claim.ts";
import { diverged, fenced } from "./mirror-errors.ts";
import type { MirrorIdentity } from "./mirror-identity.ts";

/** How the cluster lets offsets be taken up, shared by all partitions of a link and changed when it turns out otherwise. */
export interface HoleCapabilities {
  markers: boolean;
}

export interface Hole extends LogPosition {
  readonly leader: BrokerConnection;
  readonly identity: MirrorIdentity;
  /** The end of the log. */
  readonly from: number;
  readonly to: number;
  readonly progress: (end: number) => void;
  /**
   * Aborted when nobody needs it any more: nothing is sent after that. What another filler of this process sends then is
   * behind all that was sent, on the same connection. Default: never.
   */
  readonly signal?: AbortSignal;
}

export interface HoleFillerOptions {
  readonly capabilities: HoleCapabilities;
  readonly claim: HoleClaim;
  /** The broker that keeps a transactional id. */
  readonly coordinator: (transactionalId: string) => Promise<BrokerConnection>;
}

/** Tried with Kafka 4.1: 40,000 offsets a second. */
const MARKERS_IN_REQUEST = 5000;
const TRANSACTION_TIMEOUT_MS = 60_000;
const TAKE_TIMEOUT_MS = 15_000;
const MARKER_TIMEOUT_MS = 15_000;

/** One per partition that is written to, and for as long: it remembers what it took the partition with. */
export class HoleFiller {
  readonly #options: HoleFillerOptions;
  #taken: { readonly coordinator: BrokerConnection; readonly producer: ProducerIdentity } | null = null;

  constructor(options: HoleFillerOptions) {
    this.#options = options;
  }

  /**
   * Fills a hole and returns its end. Rejects with `fenced`, retriable, where another runner is at it too, with `diverged`
   * where somebody else has written, and with `closed` when it is aborted.
   */
  async fill(hole: Hole): Promise<number> {
    for (let from = hole.from; from < hole.to; ) {
      const rest = { ...hole, from };
      from = this.#options.capabilities.markers ? await this.#byMarkers(rest) : await this.#byTransaction(rest);
      hole.progress(from);
    }
    return hole.to;
  }

  /** The end after one request, which may be the old one where markers turn out to be of no use. */
  async #byMarkers(hole: Hole): Promise<number> {
    const { topic, partition, leader, identity, from, to } = hole;
    const { claim } = this.#options;
    // A claim that is new is waited for, and the end is of interest after that.
    const looked = claim.taken ? requireEnd(hole, from) : null;
    const [coordinatorEpoch] = await Promise.all([claim.epoch(() => seenEpoch(hole)), looked]);
    if (coordinatorEpoch === null) throw fenced(hole, "it fills the hole here");
    if (looked === null) await requireEnd(hole, from);
    const count = Math.min(to - from, MARKERS_IN_REQUEST);
    try {
      await writeAbortMarkers(leader, { topic, partition, producerId: identity.markers, coordinatorEpoch, count });
    } catch (error) {
      if (!(error instanceof StraitError)) throw error;
      if (error.facts.kafkaCode === COORDINATOR_FENCED) throw fenced(hole, "its markers are of a later epoch");
      if (error.code !== "authorization-failed") throw error;
      this.#options.capabilities.markers = false;
      return from;
    }
    const end = await leaderEnd(leader, hole);
    if (end === from) this.#options.capabilities.markers = false;
    // Fewer where replicas were missing at first: the answer is that of the last marker, for all have the same producer.
    else if (end > from + count) throw diverged(hole, `it ends at ${end} and not at ${from + count}`, from);
    return end;
  }

  async #byTransaction(hole: Hole): Promise<number> {
    const { topic, partition, leader, identity, from } = hole;
    const { transactionalId } = identity;
    let end: number;
    try {
      // Shuts out whoever had the id before, so the end is looked at afterwards.
      this.#taken ??= await this.#take(transactionalId);
      const { coordinator, producer } = this.#taken;
      await requireEnd(hole, from);
      const transaction = { transactionalId, producer, topic, partition, timeoutMs: MARKER_TIMEOUT_MS };
      end = await appendEmptyTransaction(coordinator, leader, transaction);
    } catch (error) {
      // Also while it is being taken: two who take it at the same moment get in each other's way.
      const code = error instanceof StraitError ? error.facts.kafkaCode : undefined;
      if (code !== undefined && ID_LOST.includes(code)) throw fenced(hole, `${transactionalId} is not ours any more`);
      throw error;
    }
    if (end !== from + 1) throw diverged(hole, `it ends at ${end} and not at ${from + 1}`, from);
    return end;
  }

  /** Tries again while a new cluster makes its coordinators, and while what the last owner left open is aborted. */
  #take(transactionalId: string) {
    return retryFor(TAKE_TIMEOUT_MS, `the coordinator of ${transactionalId}`, async () => {
      const coordinator = await this.#options.coordinator(transactionalId);
      return { coordinator, producer: await initProducerId(coordinator, transactionalId, TRANSACTION_TIMEOUT_MS) };
    });
  }
}

/** TRANSACTION_COORDINATOR_FENCED: "the coordinator epoch is older". */
const COORDINATOR_FENCED = 52;
/**
 * What a coordinator says of an id that somebody else has taken since: INVALID_PRODUCER_EPOCH, PRODUCER_FENCED,
 * INVALID_TXN_STATE; and of one it has forgotten (transactional.id.expiration.ms): INVALID_PRODUCER_ID_MAPPING.
 */
const ID_LOST: readonly number[] = [47, 48, 49, 90];

/** The highest epoch of markers in the partition; -1 if there are none. */
async function seenEpoch({ leader, topic, partition, identity }: Hole): Promise<number> {
  const producers = await describeProducers(leader, topic, partition);
  return producers.find(({ producerId }) => producerId === identity.markers)?.coordinatorEpoch ?? -1;
}

/** The last look before something is sent. */
async function requireEnd(hole: Hole, expected: number): Promise<void> {
  const end = await leaderEnd(hole.leader, hole);
  if (end !== expected) throw fenced(hole, `it ends at ${end} and not at ${expected}`);
  if (hole.signal?.aborted) throw new StraitError("closed", "it was stopped before the hole was filled");
}

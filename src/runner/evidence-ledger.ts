/** Keeps the chain of evidence of a partition while it is copied. */

import type { Acknowledgement } from "../model/batch.ts";
import { messageOf } from "../model/errors.ts";
import { addEvidence } from "../model/evidence.ts";
import {
  beginChain,
  type ChainState,
  type ChainSubject,
  changeFilters,
  closeRange,
  type EvidenceRange,
  type FilterSet,
} from "../model/evidence-chain.ts";
import type { Evidence } from "../model/status.ts";

/** Where evidence is written to; resolves once it is safe there, and what is written again may be there twice. */
export interface EvidenceStore {
  addFilters(filters: FilterSet): Promise<void>;
  addRange(range: EvidenceRange): Promise<void>;
}

/** What opening a partition has found. */
export interface LedgerStart {
  /** Where the chain stood, and with which filters; null where there is none yet. */
  readonly known: ChainState | null;
  /** Up to where was counted what was copied, and with which result. */
  readonly counted: number;
  readonly totals: Evidence;
  /** The offset that is copied next: behind `counted` by what a crash kept from being noted. */
  readonly next: number;
}

/** Opens the ledger of a partition of a mapping; null where there is none to keep. */
export type OpenLedger = (partition: number, start: LedgerStart) => Promise<EvidenceLedger | null>;

export interface EvidenceLedgerOptions extends LedgerStart {
  readonly subject: ChainSubject;
  /** The filters that are at work from now on. */
  readonly filters: FilterSet;
  /** Where ranges, and the filters they name, are written to. */
  readonly store: EvidenceStore;
  /** A range ends after so many offsets or so long. Default: ten million, an hour. */
  readonly maxOffsets?: number;
  readonly maxAgeMs?: number;
}

const MAX_OFFSETS = 10_000_000;
const MAX_AGE_MS = 3_600_000;
/** A range that could not be written is tried again this late; it has then become longer. */
const RETRY_MS = 10_000;

export class EvidenceLedger {
  /** Where counting goes on. */
  readonly countFrom: number;
  readonly #options: EvidenceLedgerOptions;
  #state: ChainState;
  #totals: Evidence;
  #closing = false;
  #notBefore = 0;
  #problem: string | null = null;

  private constructor(options: EvidenceLedgerOptions, state: ChainState, countFrom: number) {
    this.#options = options;
    this.#state = state;
    this.countFrom = countFrom;
    this.#totals = options.totals;
  }

  /**
   * Takes up the chain. Where the filters are others than before, the range so far ends at the next offset, and what was
   * copied and not counted stays uncounted: those records must not be counted for filters they did not see. Rejects where
   * the range, or what the filters are, cannot be written.
   */
  static async open(options: EvidenceLedgerOptions): Promise<EvidenceLedger> {
    const { known, filters, counted, totals, next, subject, store } = options;
    const now = new Date();
    if (known?.filterDigest === filters.digest) return new EvidenceLedger(options, known, counted);
    await store.addFilters(filters);
    if (known === null) return new EvidenceLedger(options, beginChain(next, filters.digest, now), next);
    if (next <= known.from) return new EvidenceLedger(options, changeFilters(known, filters.digest), next);
    const closed = closeRange(subject, known, { to: next, uncounted: next - counted, totals, now });
    await store.addRange(closed.range);
    return new EvidenceLedger(options, changeFilters(closed.next, filters.digest), next);
  }

  /**
   * Whether the filters are others than before: the state must be noted down before the first record, or after a crash those
   * before would be taken for these.
   */
  get changed(): boolean {
    return this.#options.known?.filterDigest !== this.#options.filters.digest;
  }

  /** The range under way: to be kept beside the position. */
  get state(): ChainState {
    return this.#state;
  }

  /** Why a range that is due could not be written; null if nothing is wrong. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Takes what was copied since; ends the range when it is due. */
  acknowledged({ nextOffset, evidence }: Acknowledgement): void {
    this.#totals = addEvidence(this.#totals, evidence);
    const { maxOffsets = MAX_OFFSETS, maxAgeMs = MAX_AGE_MS } = this.#options;
    const { from, since } = this.#state;
    const now = Date.now();
    if (this.#closing || nextOffset <= from || now < this.#notBefore) return;
    if (nextOffset - from < maxOffsets && now - Date.parse(since) < maxAgeMs) return;
    void this.#close(nextOffset, new Date(now));
  }

  async #close(to: number, now: Date): Promise<void> {
    const { subject, store } = this.#options;
    this.#closing = true;
    const { range, next } = closeRange(subject, this.#state, { to, uncounted: 0, totals: this.#totals, now });
    try {
      await store.addRange(range);
      this.#state = next;
      this.#problem = null;
    } catch (error) {
      // Nothing is lost: the range goes on and is longer next time.
      this.#problem = `the evidence up to offset ${to} could not be written: ${messageOf(error)}`;
      this.#notBefore = Date.now() + RETRY_MS;
    } finally {
      this.#closing = false;
    }
  }
}

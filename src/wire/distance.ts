/** How far away a broker is, and what that means for how much is under way. */

/** Up to this round trip (milliseconds) what is under way with a near broker is enough to keep a connection busy. */
const NEAR_MS = 16;
/** Memory has a limit too. */
const MOST = 8;
/** An answer after so many round trips has waited for the network or the broker: more under way would only wait longer. */
const SOON = 4;

/** How many times as much as with a near broker is worth having under way where a round trip takes so long, 1 to 8. */
export function mostStretch(roundTripMs: number): number {
  return Math.min(MOST, Math.max(1, roundTripMs / NEAR_MS));
}

/** The shortest time from a request to its answer: all others include what the broker did, or waited for. */
export class RoundTrip {
  #ms = Number.POSITIVE_INFINITY;

  /** Milliseconds; 0 while nothing is known. */
  get ms(): number {
    return Number.isFinite(this.#ms) ? this.#ms : 0;
  }

  /** Takes note of an answer that came now. `sentAt` is of `performance.now()`. */
  answered(sentAt: number): void {
    this.#ms = Math.min(this.#ms, performance.now() - sentAt);
  }
}

/**
 * How many times as much as with a near broker is under way. Grows with answers that come soon and halves with each that
 * comes late, so that a far broker behind a narrow road is not sent what would time out on its way.
 */
export class Stretch {
  #times = 1;

  /** 1 to 8. */
  get times(): number {
    return this.#times;
  }

  /** Takes note of an answer that took so long, to so many times what a near broker is sent at most. */
  answered(roundTrip: RoundTrip, tookMs: number, amount: number): void {
    const soon = tookMs < SOON * roundTrip.ms;
    const times = soon ? this.#times + amount : this.#times / 2;
    this.#times = Math.min(Math.max(times, 1), mostStretch(roundTrip.ms));
  }
}

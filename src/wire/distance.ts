/** How far away a broker is, and what that means for how much is under way. */

/** Up to this round trip (milliseconds) what is under way by default is enough to keep a connection busy. */
const NEAR_MS = 16;
/** Memory has a limit too. */
const MOST = 8;

/** How many times as much as with a near broker is to be under way where a round trip takes so long, milliseconds. 1 to 8. */
export function stretch(roundTripMs: number): number {
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

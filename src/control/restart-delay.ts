/** How long to wait before a runner is started again. */

const FIRST_MS = 500;
const MAX_MS = 30_000;

/** A runner that lived this long was fine: what ends it now has nothing to do with earlier ends. */
export const STABLE_AFTER_MS = 60_000;

/**
 * Milliseconds to wait after the `failures`-th end in a row (from 1): doubling from half a second to 30 s, of which a
 * random half is taken off so that runners which ended together do not come back together.
 */
export function restartDelay(failures: number, random: () => number = Math.random): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full / 2 + (random() * full) / 2);
}

/** How long to wait before trying again: the one place for it in the runner. */

const FIRST_MS = 200;
const LONGEST_MS = 5000;

/** Doubles from 0.2 s to 5 s with the number of failures in a row (from 1), less up to a fifth by chance. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return full * (1 - random() * 0.2);
}

/** Finds the end of the audit log, which is read from its beginning, in few and small requests. */

/**
 * The sequence of the last entry; 0 for an empty log. Entries count up by one from 1.
 *
 * @param {(after: number, limit: number) => Promise<readonly { sequence: number }[]>} entriesAfter
 * @returns {Promise<number>}
 */
export async function lastSequence(entriesAfter) {
  const exists = async (/** @type {number} */ sequence) => (await entriesAfter(sequence - 1, 1)).length > 0;
  if (!(await exists(1))) return 0;
  let there = 1;
  let step = 64;
  while (await exists(there + step)) {
    there += step;
    step *= 2;
  }
  // The end is from `there` on and before `there + step`.
  let beyond = there + step;
  while (beyond - there > 1) {
    const middle = Math.floor((there + beyond) / 2);
    if (await exists(middle)) there = middle;
    else beyond = middle;
  }
  return there;
}

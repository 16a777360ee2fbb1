/** What differs between two lists of tokens. */

/** Comparing costs this many steps at most; what is longer is taken for changed as a whole between what is the same. */
const MOST_STEPS = 4_000_000;

/**
 * For each list, whether each of its tokens is also in the other, in the same order: a longest common subsequence.
 *
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @returns {{ before: boolean[], after: boolean[] }}
 */
export function commonTokens(before, after) {
  const same = { before: before.map(() => false), after: after.map(() => false) };
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [beforeEnd, afterEnd] = [before.length, after.length];
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--;
    afterEnd--;
  }
  same.before.fill(true, 0, start).fill(true, beforeEnd);
  same.after.fill(true, 0, start).fill(true, afterEnd);
  const [height, width] = [beforeEnd - start, afterEnd - start];
  if (height * width > MOST_STEPS) return same;

  // longest[i][j]: the length for what is left from i and j on.
  const longest = Array.from({ length: height + 1 }, () => new Uint16Array(width + 1));
  const at = (/** @type {number} */ i, /** @type {number} */ j) => longest[i]?.[j] ?? 0;
  const isSame = (/** @type {number} */ i, /** @type {number} */ j) => before[start + i] === after[start + j];
  for (let i = height - 1; i >= 0; i--) {
    const row = /** @type {Uint16Array} */ (longest[i]);
    for (let j = width - 1; j >= 0; j--) {
      row[j] = isSame(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < height && j < width; ) {
    if (isSame(i, j)) {
      same.before[start + i++] = true;
      same.after[start + j++] = true;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return same;
}

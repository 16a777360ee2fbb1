/** What differs between two texts, so that it can be marked. */

export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

export interface Differences {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** Words, runs of white space, single other characters. */
const TOKENS = /[\p{L}\p{N}_]+|\s+|\S/gu;
/** Above that many pairs of words between the common ends, all between them counts as changed. */
const MOST_PAIRS = 4_000_000;

/** Both texts in pieces, so that the pieces that are not `changed` are the same in both, in order. */
export function differences(before: string, after: string): Differences {
  const [a, b] = [before.match(TOKENS) ?? [], after.match(TOKENS) ?? []];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const common = middleA.length * middleB.length > MOST_PAIRS ? NONE : longestCommon(middleA, middleB);
  return {
    before: pieces(a, (i) => i < start || i >= a.length - end || common.before.has(i - start)),
    after: pieces(b, (i) => i < start || i >= b.length - end || common.after.has(i - start)),
  };
}

interface Common {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

const NONE: Common = { before: new Set(), after: new Set() };

/** Where the longest common subsequence is in each list, by the textbook's table. */
function longestCommon(a: readonly string[], b: readonly string[]): Common {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const before = new Set<number>();
  const after = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      before.add(i++);
      after.add(j++);
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return { before, after };
}

function pieces(tokens: readonly string[], isCommon: (index: number) => boolean): Piece[] {
  const common = tokens.map((_, index) => isCommon(index));
  shiftToCommas(tokens, common);
  const made: { text: string; changed: boolean }[] = [];
  for (const [index, text] of tokens.entries()) {
    const changed = !common[index];
    const last = made.at(-1);
    if (last?.changed === changed) last.text += text;
    else made.push({ text, changed });
  }
  return made;
}

/**
 * Where `"b":1,` was taken out before `"c"`, so was `b":1,"`. Of such runs, the one that ends with a comma is a member or an
 * element as people see them. What is common stays the same text.
 */
function shiftToCommas(tokens: readonly string[], common: boolean[]): void {
  for (let start = 0; start < tokens.length; start++) {
    if (common[start]) continue;
    let end = start;
    while (end < tokens.length && !common[end]) end++;
    let by = 0;
    while (by < start && common[start - by - 1] && tokens[start - by - 1] === tokens[end - by - 1]) {
      if (tokens[end - by - 1] === ",") break;
      by++;
    }
    if (tokens[end - by - 1] === ",") {
      common.fill(true, end - by, end);
      common.fill(false, start - by, end - by);
    }
    start = end;
  }
}

/** Which of the matches that overlap counts. */

import { wordLengthAfter } from "./characters.ts";

export interface Match {
  readonly start: number;
  readonly end: number;
  /** Index of the detector that found it. */
  readonly detector: number;
}

/**
 * Matches that do not overlap, from left to right. Of those that did the longest counts, then that of the first detector,
 * then the first. What of another one lies outside of these counts by itself, for it may be the end of another number.
 */
export function settleOverlaps(text: string, matches: Match[]): readonly Match[] {
  if (matches.length < 2) return matches;
  matches.sort((a, b) => a.start - b.start);
  const settled: Match[] = [];
  let from = 0;
  let end = 0;
  for (let i = 0; i <= matches.length; i++) {
    const match = matches[i];
    if (match !== undefined && match.start < end) {
      end = Math.max(end, match.end);
      continue;
    }
    // From `from` to here they hang together, and nothing else overlaps them.
    if (i - from === 1) settled.push(matches[from]!);
    else if (i > from)
      for (const settledMatch of settleGroup(text, matches.slice(from, i), end)) settled.push(settledMatch);
    from = i;
    end = match?.end ?? end;
  }
  return settled;
}

/** Of matches sorted by their starts of which the last ends at `end`. */
function settleGroup(text: string, matches: readonly Match[], end: number): Match[] {
  const offset = matches[0]!.start;
  const taken = new Uint8Array(end - offset);
  const settled: Match[] = [];
  const take = (match: Match): void => {
    settled.push(match);
    taken.fill(1, match.start - offset, match.end - offset);
  };
  const longestFirst = matches.toSorted(
    (a, b) => b.end - b.start - (a.end - a.start) || a.detector - b.detector || a.start - b.start,
  );
  const others = longestFirst.filter((match) => {
    // Those before are not shorter, so one that overlaps this one covers one of its ends.
    const isFree = taken[match.start - offset] === 0 && taken[match.end - offset - 1] === 0;
    if (isFree) take(match);
    return !isFree;
  });
  for (const { start, end: otherEnd, detector } of others)
    for (let at = start; at < otherEnd; at++) {
      const pieceStart = at;
      while (at < otherEnd && taken[at - offset] === 0) at++;
      if (holdsAny(text, pieceStart, at)) take({ start: pieceStart, end: at, detector });
    }
  return settled.sort((a, b) => a.start - b.start);
}

/** Whether there is more than separators. */
function holdsAny(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (wordLengthAfter(text, at) > 0) return true;
  return false;
}

/** Runs detectors over a text and settles which of the matches that overlap counts. */

import { isAlphanumeric, wordLengthBefore } from "./characters.ts";
import type { Detector, Found, Needs, RunDetector, TextDetector } from "./detector.ts";
import { type Match, settleOverlaps } from "./settle-overlaps.ts";

export interface MatchFinder {
  /**
   * Whether a text with so many code units or more, so many ASCII digits, and these signs of `signBit` may hold a match.
   */
  mayHold(length: number, digits: number, signs: number): boolean;
  /**
   * The matches in a text, from left to right, without overlaps. Takes time linear in the text, but for sorting them.
   */
  find(text: string): readonly Match[];
}

/** A bit for each character that `Needs` may name, 0 for others. */
export function signBit(unit: number): number {
  return unit === 0x40 ? 1 : unit === 0x3a ? 2 : unit === 0x2e ? 4 : 0;
}

export function matchFinder(detectors: readonly Detector[]): MatchFinder {
  let matches: Match[] = [];
  const needs = distinct(detectors.map((detector) => detector.needs));
  const inTexts: { readonly detector: TextDetector; readonly found: Found }[] = [];
  const byLength: Reader[][] = [];
  for (const [index, detector] of detectors.entries()) {
    const found: Found = (start, end) => void matches.push({ start, end, detector: index });
    if (detector.kind === "text") inTexts.push({ detector, found });
    else for (const length of detector.lengths) byLength[length] = [...(byLength[length] ?? []), { detector, found }];
  }
  return {
    mayHold: (length, digits, signs) =>
      needs.some((each) => length >= each.length && digits >= each.digits && (each.sign & signs) === each.sign),
    find(text) {
      matches = [];
      for (const { detector, found } of inTexts) detector.find(text, found);
      if (byLength.length > 0) readRuns(text, byLength);
      return settleOverlaps(text, matches);
    },
  };
}

interface Reader {
  readonly detector: RunDetector;
  readonly found: Found;
}

/** Shows each run of ASCII letters and digits to the detectors that want to see one of its length. */
function readRuns(text: string, byLength: readonly (readonly Reader[] | undefined)[]): void {
  const { length } = text;
  let at = 0;
  while (at < length) {
    if (!isAlphanumeric(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const start = at;
    do at++;
    while (at < length && isAlphanumeric(text.charCodeAt(at)));
    const readers = byLength[at - start];
    if (readers === undefined || wordLengthBefore(text, start) > 0) continue;
    for (const { detector, found } of readers) detector.read(text, start, at, found);
  }
}

interface Need {
  readonly length: number;
  readonly digits: number;
  readonly sign: number;
}

function distinct(needs: readonly Needs[]): Need[] {
  const all = new Map<string, Need>();
  for (const { length, digits, sign } of needs)
    all.set(`${length} ${digits} ${sign}`, { length, digits, sign: sign === "" ? 0 : signBit(sign.charCodeAt(0)) });
  return [...all.values()];
}

/** Detectors made from a user's pattern. RE2 runs it: the JavaScript engine can take exponential time. */

import { RE2JS, RE2JSException } from "re2js";
import type { TextDetector } from "./detector.ts";

/** Steps for each character of a text grow with the program; the built-in detectors would need a fraction of this. */
const LARGEST_PROGRAM = 500;
/**
 * Each search may look at the whole rest of the text (`x.*y|x`), so how many are made is bounded by their product with its
 * length; with some for every text.
 */
const MOST_WORK = 1 << 26;
const SEARCHES = 64;

export interface Pattern {
  readonly name: string;
  readonly pattern: string;
}

/** What is wrong with a pattern, in RE2's words where it is RE2 that refuses it; null where nothing is. */
export function patternProblem(pattern: string): string | null {
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() > LARGEST_PROGRAM)
      return `is too large: RE2 needs ${compiled.programSize()} instructions for it, ${LARGEST_PROGRAM} are allowed; repeat less`;
    return compiled.testExact("") ? "matches the empty text, which is everywhere" : null;
  } catch (thrown) {
    if (thrown instanceof RE2JSException) return thrown.message;
    throw thrown;
  }
}

/**
 * Finds the matches of a pattern that `patternProblem` accepts: leftmost, then what the pattern prefers; they do not
 * overlap and are not checked for what is around them. In a text of `n` characters at most 2^26 / n (64 or more) are told
 * apart; behind them the rest of the text is one match.
 */
export function patternDetector({ name, pattern }: Pattern): TextDetector {
  const compiled = RE2JS.compile(pattern);
  return {
    kind: "text",
    name,
    description: `What the pattern ${pattern} finds.`,
    needs: { length: 1, digits: 0, sign: "" },
    find(text, found) {
      // Much cheaper than a search that tells where: most texts hold nothing.
      if (!compiled.test(text)) return;
      const matcher = compiled.matcher(text);
      let left = Math.max(SEARCHES, Math.floor(MOST_WORK / text.length));
      while (matcher.find()) {
        const start = matcher.start();
        if (left-- === 0) {
          found(start, text.length);
          return;
        }
        // Empty matches (`x*|y`) hold nothing that could be changed.
        if (matcher.end() > start) found(start, matcher.end());
      }
    },
  };
}

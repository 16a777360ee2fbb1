/** Detectors of numbers with a fixed length, written in one piece or in groups with a separator between each two. */

import { isAlphanumeric, isDigit, isInsideAfter } from "./characters.ts";
import type { Found, Needs, RunDetector } from "./detector.ts";

/** How a number is divided into groups, and what may stand between: the same for all gaps, or something for each. */
export interface Grouping {
  readonly sizes: readonly number[];
  readonly separators: string | readonly string[];
}

export interface GroupedNumber {
  readonly name: string;
  readonly description: string;
  readonly needs: Needs;
  /** How long it is in one piece; null where it does not count so. */
  readonly joined: number | null;
  readonly groupings: readonly Grouping[];
  /** Whether it does not count next to a hyphen with a digit behind it. */
  readonly alone?: boolean;
  /** Whether these letters and digits, in upper case and without separators, are such a number. */
  accepts(compact: string, joined: boolean): boolean;
}

export function groupedDetector(number: GroupedNumber): RunDetector {
  const { name, description, needs, joined, groupings, alone = false } = number;
  const lengths = new Set(groupings.map(({ sizes }) => sizes[0] ?? 0));
  if (joined !== null) lengths.add(joined);
  return {
    kind: "run",
    name,
    description,
    needs,
    lengths: [...lengths],
    read(text: string, start: number, runEnd: number, found: Found) {
      if (runEnd - start === joined && !isInsideAfter(text, runEnd)) {
        if (number.accepts(text.slice(start, runEnd).toUpperCase(), true)) found(start, runEnd);
        return;
      }
      for (const grouping of groupings) {
        const read = readGroups(text, start, runEnd, grouping);
        if (read === null || !number.accepts(read.compact, false)) continue;
        if (!alone || !(goesOn(text, start - 1, start - 2) || goesOn(text, read.end, read.end + 1)))
          found(start, read.end);
        return;
      }
    },
  };
}

export interface Grouped {
  /** Without separators, in upper case. */
  readonly compact: string;
  readonly end: number;
}

/** Reads runs of exactly the sizes of the grouping, with one separator between each two. */
export function readGroups(text: string, start: number, runEnd: number, grouping: Grouping): Grouped | null {
  const { sizes, separators } = grouping;
  if (runEnd - start !== sizes[0]) return null;
  let end = runEnd;
  for (let group = 1; group < sizes.length; group++) {
    const allowed = typeof separators === "string" ? separators : (separators[group - 1] ?? "");
    if (end >= text.length || !allowed.includes(text.charAt(end))) return null;
    const from = end + 1;
    end = from + sizes[group]!;
    for (let at = from; at < end; at++) if (!isAlphanumeric(text.charCodeAt(at))) return null;
  }
  // Within, what follows a group is a separator, or there would be no next one.
  if (isInsideAfter(text, end)) return null;
  let compact = "";
  let from = start;
  for (const size of sizes) {
    compact += text.slice(from, from + size);
    from += size + 1;
  }
  return { compact: compact.toUpperCase(), end };
}

function goesOn(text: string, hyphen: number, digit: number): boolean {
  return text.charAt(hyphen) === "-" && isDigit(text.charCodeAt(digit));
}

/** What finds one kind of personal data in a text. */

/** What a text must hold to have a match at all: told from its bytes, before it is decoded. */
export interface Needs {
  /** Code units. */
  readonly length: number;
  /** ASCII digits. */
  readonly digits: number;
  /** This character, or none in particular. */
  readonly sign: "" | "@" | ":" | ".";
}

/** Takes a match: its code units from `start` up to, not including, `end`; there is at least one. */
export type Found = (start: number, end: number) => void;

interface Described {
  /** Lower case and dashes; stands in options and in the evidence. */
  readonly name: string;
  /** What exactly counts, for somebody choosing detectors. */
  readonly description: string;
  readonly needs: Needs;
}

/**
 * Looks through a text by itself. `find` hands over each match; they may overlap. It takes any text, never throws, and takes
 * time linear in its length.
 */
export interface TextDetector extends Described {
  readonly kind: "text";
  find(text: string, found: Found): void;
}

/**
 * Looks at one run of ASCII letters and digits, from `start` to `runEnd`, that has one of the lengths and no letter or digit
 * of any language before it. `read` hands over the match that begins with the run, if there is one. It never throws, and
 * looks at no more than a fixed number of characters around the run.
 */
export interface RunDetector extends Described {
  readonly kind: "run";
  readonly lengths: readonly number[];
  read(text: string, start: number, runEnd: number, found: Found): void;
}

/** No match of the detectors that come with strait begins or ends inside of a run of letters and digits. */
export type Detector = TextDetector | RunDetector;

/** All lengths from one to another. */
export function lengthsOf(shortest: number, longest: number): number[] {
  return Array.from({ length: longest - shortest + 1 }, (_, index) => shortest + index);
}

/** Reads what could be a telephone number: groups of digits and what is between them, as people write them. */

import { isDigit, isInsideAfter, isSpace } from "./characters.ts";

/** E.164 has 15 at most; with an international prefix and a (0) it is a few more. */
export const MOST_DIGITS = 19;

const PLUS = 0x2b;
const OPENS = 0x28;
const CLOSES = 0x29;

export interface PhoneGroups {
  readonly groups: readonly string[];
  /** What is between a group and the next: one of ` -./`. */
  readonly separators: string;
  /** The group in parentheses, or -1. */
  readonly inParentheses: number;
}

export interface PhoneText extends PhoneGroups {
  /** Where each group ends in the text, with its parenthesis; 0 where no number can end, as a letter follows. */
  readonly ends: readonly number[];
}

/**
 * Reads up to `most` groups from `start`, where a digit, a + or an opening parenthesis is. Looks at a bounded number of
 * characters.
 */
export function readPhone(text: string, start: number, most: number): PhoneText {
  const groups: string[] = [];
  const ends: number[] = [];
  let separators = "";
  let separator = "";
  let inParentheses = -1;
  let digits = 0;
  let at = text.charCodeAt(start) === PLUS ? start + 1 : start;
  while (groups.length < most) {
    const opens = text.charCodeAt(at) === OPENS;
    if (opens && inParentheses >= 0) break;
    let from = opens ? at + 1 : at;
    // "(+49) 30"
    if (at === start && opens && text.charCodeAt(from) === PLUS) from++;
    let to = from;
    while (to - from <= MOST_DIGITS && isDigit(text.charCodeAt(to))) to++;
    digits += to - from;
    if (to === from || digits > MOST_DIGITS || (opens && text.charCodeAt(to) !== CLOSES)) break;
    if (opens) inParentheses = groups.length;
    const end = opens ? to + 1 : to;
    separators += separator;
    groups.push(text.slice(from, to));
    ends.push(isInsideAfter(text, end) ? 0 : end);
    // A space, a sign, or a sign with spaces around it.
    separator = " ";
    at = isSpace(text.charCodeAt(end)) ? end + 1 : end;
    const sign = signAt(text, at);
    if (sign !== "") {
      separator = sign;
      at = isSpace(text.charCodeAt(at + 1)) ? at + 2 : at + 1;
    }
    // "(030)1234" goes on without anything between, "49(0)" as well.
    if (at === end && !opens && text.charCodeAt(at) !== OPENS) break;
  }
  return { groups, separators, inParentheses, ends };
}

/** The first `count` groups. */
export function firstGroups({ groups, separators, inParentheses }: PhoneGroups, count: number): PhoneGroups {
  return {
    groups: groups.slice(0, count),
    separators: separators.slice(0, count - 1),
    inParentheses: inParentheses < count ? inParentheses : -1,
  };
}

/** Whether another group may follow what ends at `end`. */
export function mayGoOn(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  return next === OPENS || next === CLOSES || isSpace(next) || signAt(text, end) !== "";
}

function signAt(text: string, at: number): string {
  switch (text.charCodeAt(at)) {
    case 0x2d: // -
    case 0x2010: // hyphen
    case 0x2011: // non-breaking hyphen
    case 0x2013: // en dash
      return "-";
    case 0x2e:
      return ".";
    case 0x2f:
      return "/";
    default:
      return "";
  }
}

/**
 * The national forms of telephone numbers that are written most in Germany, France, Spain, Italy, the United Kingdom, the
 * Netherlands, Poland and North America. Telephone numbers have no check digit, so one counts only where its groups or its
 * leading 0 tell it from other numbers. Forms: https://en.wikipedia.org/wiki/National_conventions_for_writing_telephone_numbers
 */

import { isDigit } from "./characters.ts";
import type { PhoneGroups } from "./phone-groups.ts";

export const NATIONAL = { groups: 5, fewestDigits: 9, mostDigits: 12 } as const;

/** Told from the first group alone: whether a national number may begin with the digits from `start` to `end`. */
export function mayBeginNational(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (text.charAt(start) === "0") return length > 1 && isDigit(text.charCodeAt(start + 1));
  return length === 2 || length === 3 || (length === 1 && text.charAt(start) === "1");
}

/** `phone` has as many groups and digits as `NATIONAL` says, no + and does not begin with 00. */
export function isNational({ groups, separators, inParentheses }: PhoneGroups): boolean {
  const [first = ""] = groups;
  if (first.startsWith("0")) return hasTrunkZero(groups, separators, inParentheses);
  const sizes = groups.map(({ length }) => length).join(" ");
  if (inParentheses > (first.length === 1 ? 1 : 0)) return false;
  switch (sizes) {
    case "1 3 3 4":
      return first === "1" && !separators.includes("/") && isNorthAmerican(groups.slice(1).join(""));
    case "3 3 4":
      return isItalianMobile(first) || (!separators.includes("/") && isNorthAmerican(groups.join("")));
    case "3 3 3": // Spain; Polish mobile numbers
      return /^(?:[5-9]|45)/.test(first) && (separators === "  " || separators === "--");
    case "3 2 2 2": // Spain
      return /^[6-9]/.test(first) && isRepeated(separators) && !separators.includes("/");
    case "2 3 2 2": // Spain, Poland
      return separators === "   " || separators === "---" || separators === " --";
    case "2 7": // Poland, with the area code in parentheses
      return inParentheses === 0;
    case "3 7":
    case "3 3 2 2":
    case "3 2 2 3":
      return isItalianMobile(first);
    default:
      return false;
  }
}

/** https://www.nanpa.com: ten digits; area and exchange codes begin with 2 to 9 and do not end with 11. */
export function isNorthAmerican(digits: string): boolean {
  return /^[2-9](?!11)[0-9]{2}[2-9](?!11)[0-9]{6}$/.test(digits);
}

function isItalianMobile(first: string): boolean {
  return /^3[2-9][0-9]$/.test(first);
}

/** Numbers that are dialled with a 0 within the country: Germany, France, Italy, the United Kingdom, the Netherlands. */
function hasTrunkZero(groups: readonly string[], separators: string, inParentheses: number): boolean {
  const [area = "", ...rest] = groups;
  if (inParentheses > 0) return false;
  if (rest.length === 0)
    return inParentheses < 0 && (area.length === 10 || area.length === 11 || /^01[5-7][0-9]{9}$/.test(area));
  // France
  if (groups.length === 5 && groups.every(({ length }) => length === 2)) return isRepeated(separators);
  return area.length <= 6 && !separators.includes(".") && isSubscriber(rest, separators.slice(1));
}

/** Groups as behind an area code; dates (02-03-2024) have other ones. */
function isSubscriber(groups: readonly string[], separators: string): boolean {
  const [first = "", second = ""] = groups;
  if (groups.length === 1) return first.length >= 5 && first.length <= 9;
  if (groups.length === 2) {
    if (first.length === 3 || first.length === 4) return second.length === 3 || second.length === 4;
    // An extension.
    return first.length >= 5 && second.length <= 4 && separators === "-";
  }
  const pairs = first.length === 3 ? groups.slice(1) : groups;
  return pairs.every(({ length }) => length === 2);
}

function isRepeated(separators: string): boolean {
  return separators === separators.charAt(0).repeat(separators.length);
}

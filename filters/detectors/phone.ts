/** Telephone numbers: international ones as E.164 and E.123 have them, and national ones. */

import { callingCode } from "./calling-codes.ts";
import { areDigits, isDigit, isInsideBefore } from "./characters.ts";
import { lengthsOf, type RunDetector } from "./detector.ts";
import { firstGroups, MOST_DIGITS, mayGoOn, type PhoneText, readPhone } from "./phone-groups.ts";
import { isNational, isNorthAmerican, mayBeginNational, NATIONAL } from "./phone-national.ts";

const FEWEST_DIGITS = 8;
const INTERNATIONAL_GROUPS = 8;

export const phone: RunDetector = {
  kind: "run",
  name: "phone",
  description:
    "Telephone numbers: + or 00 with an assigned calling code and up to 15 digits; numbers with a leading 0 of 10 or 11 digits in one piece or of 9 to 12 with the area code set apart; 3-3-4 digits as in North America, 3-3-3, 2-3-2-2 and 3-2-2-2 as in Spain and Poland, Italian mobile numbers in groups. Other digits in one piece do not count.",
  needs: { length: FEWEST_DIGITS, digits: FEWEST_DIGITS, sign: "" },
  lengths: lengthsOf(1, MOST_DIGITS),
  read(text, runStart, runEnd, found) {
    if (!areDigits(text, runStart, runEnd)) return;
    // Not enough digits, and no group that could follow: most runs are told here.
    if (runEnd - runStart < FEWEST_DIGITS && !mayGoOn(text, runEnd)) return;
    const start = startBefore(text, runStart);
    const end = start < 0 ? 0 : phoneEnd(text, start, runStart, runEnd);
    if (end > 0) found(start, end);
  },
};

/** Where a number would begin whose first digit is at `at`, with its + and parenthesis; -1 where none can. */
function startBefore(text: string, at: number): number {
  let start = at;
  if (text.charAt(start - 1) === "(") start--;
  if (text.charAt(start - 1) === "+") start--;
  // "+(49) 30" and "(+49) 30".
  if (start === at - 1 && text.charAt(start) === "+" && text.charAt(start - 1) === "(") start--;
  return isInsideBefore(text, start) || text.charAt(start - 1) === "+" ? -1 : start;
}

/** Where the longest number that begins at `start` ends, 0 where there is none. Its first digits are the run's. */
function phoneEnd(text: string, start: number, runStart: number, runEnd: number): number {
  if (text.startsWith("+", start) || text.startsWith("(+", start))
    return internationalEnd(readPhone(text, start, INTERNATIONAL_GROUPS), "");
  if (text.startsWith("00", runStart))
    return start < runStart ? 0 : internationalEnd(readPhone(text, start, INTERNATIONAL_GROUPS), "00");
  return mayBeginNational(text, runStart, runEnd) ? nationalEnd(text, start) : 0;
}

/** E.164: a calling code and 15 digits at most. 00 also begins other numbers, so more digits are asked for there. */
function internationalEnd({ groups, ends, inParentheses }: PhoneText, prefix: "" | "00"): number {
  if (inParentheses > 2) return 0;
  // The national 0 in +49 (0) 30 is not dialled.
  const dialled = groups.map((group, index) => (index === inParentheses && group === "0" ? "" : group));
  const digits = dialled.join("").slice(prefix.length);
  const code = callingCode(digits);
  if (code === null) return 0;
  let length = digits.length;
  for (let count = groups.length; count > 0 && length >= (prefix === "" ? FEWEST_DIGITS : 10); count--) {
    const isPlan = code === "1" ? isNorthAmerican(digits.slice(1, length)) : length <= 15;
    if (isPlan && ends[count - 1]! > 0) return ends[count - 1]!;
    length -= dialled[count - 1]!.length;
  }
  return 0;
}

function nationalEnd(text: string, start: number): number {
  const read = readPhone(text, start, NATIONAL.groups);
  let digits = read.groups.reduce((sum, { length }) => sum + length, 0);
  for (let count = read.groups.length; digits >= NATIONAL.fewestDigits; count--) {
    const end = read.ends[count - 1]!;
    if (end > 0 && digits <= NATIONAL.mostDigits && isNational(firstGroups(read, count)))
      if (!isPartOfMore(text, start, end)) return end;
    digits -= read.groups[count - 1]!.length;
  }
  return 0;
}

/** Whether digits go on over a hyphen or a point, as in a version, a UUID or an article number. */
function isPartOfMore(text: string, start: number, end: number): boolean {
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  return (
    ((before === "-" || before === ".") && isDigit(text.charCodeAt(start - 2))) ||
    ((after === "-" || after === ".") && isDigit(text.charCodeAt(end + 1)))
  );
}

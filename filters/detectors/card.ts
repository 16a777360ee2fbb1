/** Payment card numbers (ISO/IEC 7812): a known issuer's prefix and length, and the check digit of Luhn. */

import { areDigits, digitAt, isDigit, isInsideAfter, SPACES } from "./characters.ts";
import { lengthsOf, type RunDetector } from "./detector.ts";

const SHORTEST = 13;
const LONGEST = 19;
/** Groups are 3 to 7 long (4-6-5, 4-4-4-4, 4-3-3-3 and such); the last may be shorter. */
const SHORTEST_GROUP = 3;
const LONGEST_GROUP = 7;
const SEPARATORS = `${SPACES}-`;

/** Prefixes from `first` to `last`, both as long, of numbers with these lengths. */
interface Issuer {
  readonly first: string;
  readonly last: string;
  readonly shortest: number;
  readonly longest: number;
}

export const card: RunDetector = {
  kind: "run",
  name: "card",
  description:
    "Payment card numbers of 13 to 19 digits with a prefix and length that a card scheme uses and a right check digit (Luhn), in one piece or in groups with the same separator (space or -) between.",
  needs: { length: SHORTEST, digits: SHORTEST, sign: "" },
  lengths: lengthsOf(SHORTEST_GROUP, LONGEST),
  read(text, start, runEnd, found) {
    const end = cardEnd(text, start, runEnd);
    if (end > 0) found(start, end);
  },
};

/** Where the longest number that begins at `start` ends, 0 where there is none. */
function cardEnd(text: string, start: number, runEnd: number): number {
  let digits = "";
  let separator = "";
  let group = start;
  let groupEnd = runEnd;
  let end = 0;
  for (;;) {
    if (digits.length + groupEnd - group > LONGEST || !areDigits(text, group, groupEnd)) return end;
    digits += text.slice(group, groupEnd);
    if (digits.length >= SHORTEST && !isInsideAfter(text, groupEnd) && isCard(digits)) end = groupEnd;
    if (groupEnd - group < SHORTEST_GROUP || groupEnd - group > LONGEST_GROUP) return end;
    const next = text.charAt(groupEnd);
    if (next === "" || !SEPARATORS.includes(next) || (separator !== "" && next !== separator)) return end;
    separator = next;
    group = groupEnd + 1;
    groupEnd = group;
    while (groupEnd - group <= LONGEST && isDigit(text.charCodeAt(groupEnd))) groupEnd++;
    if (groupEnd === group) return end;
  }
}

function isCard(digits: string): boolean {
  return isLuhn(digits) && ISSUERS.some((issuer) => isOf(digits, issuer));
}

function isOf(digits: string, { first, last, shortest, longest }: Issuer): boolean {
  if (digits.length < shortest || digits.length > longest) return false;
  const prefix = digits.slice(0, first.length);
  return first <= prefix && prefix <= last;
}

/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digitAt(digits, digits.length - 1 - i);
    const value = i % 2 === 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** As the schemes publish them, collected in https://en.wikipedia.org/wiki/Payment_card_number. */
const ISSUERS: readonly Issuer[] = [
  { first: "4", last: "4", shortest: 13, longest: 13 }, // Visa
  { first: "4", last: "4", shortest: 16, longest: 19 },
  { first: "51", last: "55", shortest: 16, longest: 16 }, // Mastercard
  { first: "2221", last: "2720", shortest: 16, longest: 16 },
  { first: "34", last: "34", shortest: 15, longest: 15 }, // American Express
  { first: "37", last: "37", shortest: 15, longest: 15 },
  { first: "300", last: "305", shortest: 14, longest: 19 }, // Diners Club
  { first: "3095", last: "3095", shortest: 14, longest: 19 },
  { first: "36", last: "36", shortest: 14, longest: 19 },
  { first: "38", last: "39", shortest: 14, longest: 19 },
  { first: "3528", last: "3589", shortest: 16, longest: 19 }, // JCB
  { first: "6011", last: "6011", shortest: 16, longest: 19 }, // Discover
  { first: "644", last: "659", shortest: 16, longest: 19 },
  { first: "62", last: "62", shortest: 16, longest: 19 }, // UnionPay
  { first: "81", last: "82", shortest: 16, longest: 19 }, // UnionPay, RuPay
  { first: "60", last: "60", shortest: 16, longest: 16 }, // RuPay
  { first: "508", last: "508", shortest: 16, longest: 16 },
  { first: "2200", last: "2205", shortest: 16, longest: 19 }, // Mir, Borica
  { first: "506099", last: "506198", shortest: 16, longest: 19 }, // Verve
  { first: "9792", last: "9792", shortest: 16, longest: 16 }, // Troy
  { first: "500", last: "509", shortest: 13, longest: 19 }, // Maestro, Dankort
  { first: "56", last: "58", shortest: 13, longest: 19 }, // Maestro
  { first: "639", last: "639", shortest: 13, longest: 19 },
  { first: "67", last: "67", shortest: 13, longest: 19 },
];

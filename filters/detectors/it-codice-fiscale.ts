/** The Italian tax code of persons (codice fiscale, D.M. 23 dicembre 1976), also where digits were replaced by letters. */

import { areLetters, isDigit, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 16;
const FORMS = [
  { sizes: [3, 3, 5, 5], separators: SPACES },
  { sizes: [3, 3, 5, 4, 1], separators: SPACES },
  { sizes: [6, 5, 5], separators: SPACES },
  { sizes: [6, 5, 4, 1], separators: SPACES },
];

/** Months from January on. */
const MONTHS = "ABCDEHLMPRST";
/** Omocodia: what stands for 0 to 9 where two persons would have the same code. */
const REPLACED = "LMNPQRSTUV";
const DIGIT_PLACES = [6, 7, 9, 10, 12, 13, 14];
/** What the characters in the odd places (counted from 1) count as: 0 or A first, 9 or J tenth. */
const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

export const itCodiceFiscale = groupedDetector({
  name: "it-codice-fiscale",
  description:
    "Italian tax codes of persons: 16 characters with a possible month and day and the right check character, also with letters in the place of digits (omocodia), in either case; in one piece or as 3 3 5 5, 3 3 5 4 1, 6 5 5 or 6 5 4 1.",
  // All seven digits may be letters.
  needs: { length: LENGTH, digits: 0, sign: "" },
  joined: LENGTH,
  groupings: FORMS,
  accepts: isCode,
});

function isCode(compact: string): boolean {
  if (!areLetters(compact, 0, 6) || !MONTHS.includes(compact.charAt(8)) || !areLetters(compact, 11, 12)) return false;
  if (!areLetters(compact, 15, 16) || DIGIT_PLACES.some((place) => digitIn(compact, place) < 0)) return false;
  // Women's days have 40 added.
  const day = digitIn(compact, 9) * 10 + digitIn(compact, 10);
  return day % 40 >= 1 && day % 40 <= 31 && day <= 71 && checkLetter(compact) === compact[15];
}

function digitIn(compact: string, place: number): number {
  const unit = compact.charCodeAt(place);
  return isDigit(unit) ? unit - 0x30 : REPLACED.indexOf(compact.charAt(place));
}

function checkLetter(compact: string): string {
  let sum = 0;
  for (let i = 0; i < LENGTH - 1; i++) {
    const unit = compact.charCodeAt(i);
    const value = isDigit(unit) ? unit - 0x30 : unit - 0x41;
    sum += i % 2 === 0 ? ODD_VALUES[value]! : value;
  }
  return String.fromCharCode(0x41 + (sum % 26));
}

/** The Polish identity number (PESEL). */

import { areDigits, digitAt } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 11;
const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
/** The century stands in the month: 80 is added for 1800 to 1899, 20 for 2000 to 2099 and so on. */
const CENTURIES = [1900, 2000, 2100, 2200, 1800];

export const plPesel = groupedDetector({
  name: "pl-pesel",
  description: "Polish PESEL: 11 digits in one piece with a possible date of birth and a right check digit.",
  needs: { length: LENGTH, digits: LENGTH, sign: "" },
  joined: LENGTH,
  groupings: [],
  accepts: isPesel,
});

/** https://www.gov.pl/web/gov/czym-jest-numer-pesel */
function isPesel(compact: string): boolean {
  if (!areDigits(compact, 0, LENGTH) || !isDate(compact)) return false;
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) sum += digitAt(compact, i) * weight;
  return (10 - (sum % 10)) % 10 === digitAt(compact, LENGTH - 1);
}

function isDate(compact: string): boolean {
  const coded = Number(compact.slice(2, 4));
  const year = CENTURIES[Math.floor(coded / 20)]! + Number(compact.slice(0, 2));
  const month = coded % 20;
  const day = Number(compact.slice(4, 6));
  // Day 0 of the next month is the last of this one.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

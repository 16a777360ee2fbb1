/** NHS numbers of the United Kingdom, with Scotland's CHI and Northern Ireland's H&C numbers, which share the form. */

import { areDigits, digitAt, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 10;
const FORM = { sizes: [3, 3, 4], separators: `${SPACES}-` };

export const ukNhs = groupedDetector({
  name: "uk-nhs",
  description:
    "UK NHS numbers: 10 digits with a right check digit (mod 11), as 3 3 4 with a space or - between; in one piece only those that begin with 3, 4, 6, 7 or 9, or with a date of birth as in Scotland's CHI numbers.",
  needs: { length: LENGTH, digits: LENGTH, sign: "" },
  joined: LENGTH,
  groupings: [FORM],
  accepts: (compact, joined) => isNhs(compact) && (!joined || isInRange(compact)),
});

/** https://www.datadictionary.nhs.uk/attributes/nhs_number.html: weights 10 to 2, no check digit 10. */
function isNhs(compact: string): boolean {
  if (!areDigits(compact, 0, LENGTH)) return false;
  let sum = 0;
  for (let i = 0; i < LENGTH - 1; i++) sum += digitAt(compact, i) * (LENGTH - i);
  return (11 - (sum % 11)) % 11 === digitAt(compact, LENGTH - 1);
}

/**
 * One in eleven numbers of ten digits has a right check digit, times in seconds among them; so those in one piece must lie
 * in a range that is given out (https://en.wikipedia.org/wiki/NHS_number) or used for tests and examples (9).
 */
function isInRange(compact: string): boolean {
  if ("34679".includes(compact.charAt(0))) return true;
  const day = Number(compact.slice(0, 2));
  const month = Number(compact.slice(2, 4));
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/** The Dutch citizen service number (burgerservicenummer). */

import { areDigits, digitAt, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 9;
const FORMS = [
  { sizes: [4, 2, 3], separators: `${SPACES}.` },
  { sizes: [3, 3, 3], separators: `${SPACES}.` },
];

export const nlBsn = groupedDetector({
  name: "nl-bsn",
  description:
    "Dutch BSN: 9 digits that pass the 11-test, in one piece, or as 4 2 3 or 3 3 3 with a point or a space between. One in eleven numbers of nine digits passes it.",
  needs: { length: LENGTH, digits: LENGTH, sign: "" },
  joined: LENGTH,
  groupings: FORMS,
  accepts: isBsn,
});

/** Weights 9 to 2 and -1; the sum is a multiple of 11: https://nl.wikipedia.org/wiki/Burgerservicenummer */
function isBsn(compact: string): boolean {
  if (!areDigits(compact, 0, LENGTH)) return false;
  let sum = -digitAt(compact, LENGTH - 1);
  for (let i = 0; i < LENGTH - 1; i++) sum += digitAt(compact, i) * (LENGTH - i);
  return sum % 11 === 0 && compact !== "000000000";
}

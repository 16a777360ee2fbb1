/** The Spanish identity numbers: DNI for citizens, NIE for foreigners. */

import { areDigits, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 9;
const GAP = `${SPACES}-`;
const FORMS = [
  { sizes: [8, 1], separators: GAP },
  { sizes: [2, 3, 4], separators: "." },
  { sizes: [2, 3, 3, 1], separators: [".", ".", GAP] },
  { sizes: [1, 7, 1], separators: GAP },
  { sizes: [1, 8], separators: GAP },
];

/** By the number's remainder by 23: Real Decreto 1553/2005; for a NIE with X, Y, Z read as 0, 1, 2. */
const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

export const esDni = groupedDetector({
  name: "es-dni",
  description:
    "Spanish DNI (8 digits and a letter) and NIE (X, Y or Z, 7 digits and a letter) with the right letter, in either case; in one piece, with - or a space before the letter and behind the X, Y or Z, or as 12.345.678-Z.",
  needs: { length: LENGTH, digits: 7, sign: "" },
  joined: LENGTH,
  groupings: FORMS,
  accepts: isDni,
});

function isDni(compact: string): boolean {
  const foreign = "XYZ".indexOf(compact.charAt(0));
  const number = foreign < 0 ? compact.slice(0, 8) : foreign + compact.slice(1, 8);
  return areDigits(number, 0, 8) && LETTERS[Number(number) % 23] === compact[8];
}

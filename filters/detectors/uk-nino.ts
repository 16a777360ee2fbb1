/** National Insurance numbers of the United Kingdom. They have no check digit. */

import { areDigits, areLetters, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 9;
const FORMS = [
  { sizes: [2, 2, 2, 2, 1], separators: `${SPACES}-` },
  { sizes: [2, 6, 1], separators: `${SPACES}-` },
];

export const ukNino = groupedDetector({
  name: "uk-nino",
  description:
    "UK National Insurance numbers: two letters of a prefix that is given out, six digits and A, B, C or D, in either case; in one piece, as 2 2 2 2 1 or as 2 6 1 with a space or - between. They have no check digit.",
  needs: { length: LENGTH, digits: 6, sign: "" },
  joined: LENGTH,
  groupings: FORMS,
  accepts: isNino,
});

/** HMRC, National Insurance Manual, NIM39110. */
function isNino(compact: string): boolean {
  if (!areLetters(compact, 0, 2) || !areDigits(compact, 2, 8) || !"ABCD".includes(compact.charAt(8))) return false;
  const first = compact.charAt(0);
  const second = compact.charAt(1);
  if ("DFIQUV".includes(first) || "DFIOQUV".includes(second)) return false;
  return !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].includes(first + second);
}

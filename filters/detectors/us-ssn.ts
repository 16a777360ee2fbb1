/** Social Security numbers of the United States. */

import { SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const FORM = { sizes: [3, 2, 4], separators: `${SPACES}-` };

export const usSsn = groupedDetector({
  name: "us-ssn",
  description:
    "US Social Security numbers as 3-2-4 digits with - or a space between, without the areas 000, 666 and 900 to 999, group 00 and serial 0000. Nine digits in one piece do not count: they have no check digit.",
  needs: { length: 11, digits: 9, sign: "" },
  joined: null,
  groupings: [FORM],
  alone: true,
  accepts: isIssued,
});

/** Never issued, before or after the randomization of 2011: https://www.ssa.gov/employer/randomization.html */
function isIssued(compact: string): boolean {
  if (!/^[0-9]{9}$/.test(compact)) return false;
  const area = compact.slice(0, 3);
  return area !== "000" && area !== "666" && area < "900" && !/^...00|0000$/.test(compact);
}

/** International bank account numbers (ISO 13616): the country's length, and the check digits of ISO 7064 MOD 97-10. */

import { areDigits, areLetters, isDigit, SPACES } from "./characters.ts";
import type { RunDetector } from "./detector.ts";
import { readGroups } from "./grouped-detector.ts";
import { IBAN_LENGTHS } from "./iban-lengths.ts";

const GROUP = 4;

export const iban: RunDetector = {
  kind: "run",
  name: "iban",
  description:
    "IBANs of the countries that have them, with the length of the country and right check digits, in either case, in one piece or in groups of four with a space between.",
  needs: { length: Math.min(...IBAN_LENGTHS.values()), digits: 2, sign: "" },
  lengths: [GROUP, ...new Set(IBAN_LENGTHS.values())],
  read(text, start, runEnd, found) {
    if (!areLetters(text, start, start + 2) || !areDigits(text, start + 2, start + 4)) return;
    const length = IBAN_LENGTHS.get(text.slice(start, start + 2).toUpperCase());
    if (length === undefined) return;
    const sizes = runEnd - start === length ? [length] : groupSizes(length);
    const read = readGroups(text, start, runEnd, { sizes, separators: SPACES });
    if (read !== null && isDivisible(read.compact)) found(start, read.end);
  },
};

function groupSizes(length: number): number[] {
  const sizes: number[] = Array(Math.floor(length / GROUP)).fill(GROUP);
  return length % GROUP === 0 ? sizes : [...sizes, length % GROUP];
}

/** MOD 97-10: the first four characters moved to the end, letters read as 10 to 35, the remainder by 97 is 1. */
function isDivisible(compact: string): boolean {
  let remainder = 0;
  for (let i = 0; i < compact.length; i++) {
    const unit = compact.charCodeAt((i + GROUP) % compact.length);
    remainder = (isDigit(unit) ? remainder * 10 + unit - 0x30 : remainder * 100 + unit - 0x41 + 10) % 97;
  }
  return remainder === 1;
}

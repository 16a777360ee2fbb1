/** The German tax identification number (steuerliche Identifikationsnummer, § 139b AO). */

import { areDigits, digitAt, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 11;
const FORM = { sizes: [2, 3, 3, 3], separators: SPACES };

export const deTaxId = groupedDetector({
  name: "de-tax-id",
  description:
    "German tax ids (Steuer-ID): 11 digits, not beginning with 0, with a right check digit (ISO 7064 MOD 11,10), of the first ten exactly one digit two or three times; in one piece or as 2 3 3 3.",
  needs: { length: LENGTH, digits: LENGTH, sign: "" },
  joined: LENGTH,
  groupings: [FORM],
  accepts: isTaxId,
});

function isTaxId(compact: string): boolean {
  return (
    areDigits(compact, 0, LENGTH) &&
    compact[0] !== "0" &&
    repeatsOnce(compact) &&
    checkDigit(compact) === digitAt(compact, LENGTH - 1)
  );
}

/**
 * Of the first ten digits one occurs twice or, in numbers from 2016 on, three times, though not three times in a row; all
 * others once at most. From the concept of ITZBund, version 2.3 (2016), as in
 * https://de.wikipedia.org/wiki/Steuerliche_Identifikationsnummer
 */
function repeatsOnce(compact: string): boolean {
  const counts = new Uint8Array(10);
  for (let i = 0; i < LENGTH - 1; i++) counts[digitAt(compact, i)]!++;
  const repeated = counts.filter((count) => count > 1);
  if (repeated.length !== 1 || repeated[0]! > 3) return false;
  for (let i = 2; i < LENGTH - 1; i++) if (compact[i] === compact[i - 1] && compact[i] === compact[i - 2]) return false;
  return true;
}

/** ISO/IEC 7064, hybrid system MOD 11,10. */
function checkDigit(compact: string): number {
  let product = 10;
  for (let i = 0; i < LENGTH - 1; i++) {
    const sum = (digitAt(compact, i) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10;
}

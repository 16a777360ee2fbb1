/** The French social security number (numéro d'inscription au répertoire). */

import { areDigits, SPACES } from "./characters.ts";
import { groupedDetector } from "./grouped-detector.ts";

const LENGTH = 15;
const FORMS = [
  { sizes: [1, 2, 2, 2, 3, 3, 2], separators: `${SPACES}.-` },
  { sizes: [13, 2], separators: `${SPACES}.-` },
];

export const frNir = groupedDetector({
  name: "fr-nir",
  description:
    "French social security numbers (NIR) with their key: 15 characters, all digits but for 2A and 2B (Corsica), with a possible sex and month and a right key (97 less the rest of the division by 97); in one piece, as 1 2 2 2 3 3 2 or as 13 2.",
  needs: { length: LENGTH, digits: LENGTH - 1, sign: "" },
  joined: LENGTH,
  groupings: FORMS,
  accepts: isNir,
});

function isNir(compact: string): boolean {
  if (!areDigits(compact, 0, 6) || !areDigits(compact, 7, LENGTH)) return false;
  const department = compact.slice(5, 7);
  // The key is computed as if Corsica's departments were 19 and 18, as INSEE does.
  const place = department === "2A" ? "19" : department === "2B" ? "18" : department;
  if (!areDigits(place, 0, 2)) return false;
  const number = BigInt(compact.slice(0, 5) + place + compact.slice(7, 13));
  return isSexAndMonth(compact) && 97n - (number % 97n) === BigInt(compact.slice(13));
}

/**
 * Sex 1 and 2, 7 and 8 while the number is provisional. Months that are no month stand for civil records that are not
 * complete: 20, 30 to 42, 50 to 99. https://fr.wikipedia.org/wiki/Numéro_de_sécurité_sociale_en_France
 */
function isSexAndMonth(compact: string): boolean {
  if (!"1278".includes(compact.charAt(0))) return false;
  const month = Number(compact.slice(3, 5));
  return (month >= 1 && month <= 12) || month === 20 || (month >= 30 && month <= 42) || month >= 50;
}

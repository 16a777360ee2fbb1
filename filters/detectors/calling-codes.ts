/**
 * Country calling codes: the list of ITU-T E.164 assigned codes, as in
 * https://en.wikipedia.org/wiki/List_of_telephone_country_codes. Ranges stand for all codes from the first to the last.
 */

const ASSIGNED =
  "1 7 20 211-213 216 218 220-269 27 290 291 297-299 30-34 350-359 36 370-383 385-389 39 40 41 420 421 423 43-49 " +
  "500-509 51-58 590-599 60-66 670 672-683 685-692 800 808 81 82 84 850 852 853 855 856 86 870 878 880-883 886 888 " +
  "90-95 960-968 970-977 979 98 992-996 998";

const CODES: ReadonlySet<string> = new Set(
  ASSIGNED.split(" ").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  }),
);

/** The calling code that digits begin with, or null. No code is the beginning of another one. */
export function callingCode(digits: string): string | null {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    if (CODES.has(code)) return code;
  }
  return null;
}

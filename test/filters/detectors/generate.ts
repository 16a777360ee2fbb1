/**
 * Synthetic values that satisfy the rules, with the check digits computed here anew: by trying all of them on the rule as
 * it is written down, or by the arithmetic it names, and not by what the detectors do.
 */

import fc from "fast-check";
import { IBAN_LENGTHS } from "../../../filters/detectors/iban-lengths.ts";

export interface Sample {
  readonly value: string;
  /** The same with another check digit or letter; null where the number has none. */
  readonly spoilt: string | null;
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
const letters = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"), minLength: length, maxLength: length });

/** Cuts a text into pieces of the sizes. */
function cut(text: string, sizes: readonly number[], separator: string): string {
  let from = 0;
  const parts = sizes.map((size) => {
    from += size;
    return text.slice(from - size, from);
  });
  return parts.filter((part) => part !== "").join(separator);
}

/** Values written in one of several ways, whose last character is a check digit or letter from `alphabet`. */
function checked(
  bodies: fc.Arbitrary<string>,
  alphabet: string,
  isValid: (whole: string) => boolean,
  forms: readonly ((whole: string) => string)[],
): fc.Arbitrary<Sample> {
  return fc
    .tuple(bodies, fc.nat({ max: alphabet.length - 2 }), fc.constantFrom(...forms))
    .map(([body, other, form]) => {
      const right = [...alphabet].find((check) => isValid(body + check));
      if (right === undefined) return null;
      const wrong = alphabet.replace(right, "").charAt(other);
      return { value: form(body + right), spoilt: form(body + wrong) };
    })
    .filter((sample) => sample !== null);
}

const joined = (whole: string): string => whole;
const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const weighted = (whole: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(whole[index]), 0);

export const samples: Readonly<Record<string, fc.Arbitrary<Sample>>> = {
  email: fc
    .tuple(
      fc.stringMatching(/^[a-z][a-z0-9._%+-]{0,20}[a-z0-9]$/),
      fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
      fc.constantFrom("org", "de", "co.uk", "museum", "xn--p1ai"),
    )
    .map(([local, host, top]) => ({ value: `${local}@${host}.${top}`, spoilt: null })),

  iban: fc
    .tuple(
      fc.constantFrom(...IBAN_LENGTHS),
      fc.string({ unit: fc.constantFrom(...DIGITS, ...DIGITS, ..."ABCXYZ"), minLength: 40, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(
        joined,
        (whole: string) => whole.toLowerCase(),
        (whole: string) => cut(whole, Array(9).fill(4), " "),
      ),
    )
    .map(([[country, length], filling, other, form]) => {
      const account = filling.slice(0, length - 4);
      const number = [...`${account}${country}00`].map((char) => Number.parseInt(char, 36)).join("");
      const check = String(98n - (BigInt(number) % 97n)).padStart(2, "0");
      const wrong = check.slice(0, 1) + String((Number(check[1]) + other) % 10);
      return { value: form(country + check + account), spoilt: form(country + wrong + account) };
    }),

  card: fc
    .constantFrom(
      ...["4:13", "4:16", "4:19", "51:16", "2221:16", "2720:16", "34:15", "37:15", "300:14", "36:14", "3528:16"],
      ...["6011:16", "644:16", "65:16", "62:17", "62:19", "5018:13", "2200:16", "6759:18"],
    )
    .chain((issuer) => {
      const [prefix = "", length = ""] = issuer.split(":");
      return checked(
        digits(Number(length) - prefix.length - 1).map((rest) => prefix + rest),
        DIGITS,
        (whole) => {
          const doubled = [...whole].toReversed().map((digit, i) => Number(digit) * (i % 2 === 0 ? 1 : 2));
          return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
        },
        [
          joined,
          (whole) => cut(whole, [4, 4, 4, 4, 4], " "),
          (whole) => cut(whole, [4, 4, 4, 4, 4], "-"),
          (whole) => (whole.length > 15 ? whole : cut(whole, [4, 6, 5], " ")),
        ],
      );
    }),

  "us-ssn": fc
    .tuple(
      fc.integer({ min: 1, max: 899 }).filter((area) => area !== 666),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 9999 }),
      fc.constantFrom("-", " "),
    )
    .map(([area, group, serial, separator]) => ({
      value: [String(area).padStart(3, "0"), String(group).padStart(2, "0"), String(serial).padStart(4, "0")].join(
        separator,
      ),
      spoilt: null,
    })),

  "de-tax-id": checked(
    fc
      .tuple(fc.shuffledSubarray([...DIGITS], { minLength: 9, maxLength: 9 }), fc.nat({ max: 8 }), fc.nat({ max: 9 }))
      .map(([distinct, repeated, at]) => distinct.toSpliced(at, 0, distinct[repeated]!).join(""))
      .filter((body) => !body.startsWith("0")),
    DIGITS,
    (whole) => {
      let product = 10;
      for (const digit of whole.slice(0, 10)) {
        const sum = (Number(digit) + product) % 10;
        product = ((sum === 0 ? 10 : sum) * 2) % 11;
      }
      return (Number(whole[10]) + product) % 10 === 1;
    },
    [joined, (whole) => cut(whole, [2, 3, 3, 3], " ")],
  ),

  "fr-nir": fc
    .tuple(
      fc.constantFrom("1", "2"),
      digits(2),
      fc.constantFrom("01", "07", "12", "20", "31", "62"),
      fc.constantFrom("01", "75", "2A", "2B", "97", "99"),
      digits(6),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(
        joined,
        (whole: string) => cut(whole, [1, 2, 2, 2, 3, 3, 2], " "),
        (whole: string) => cut(whole, [13, 2], " "),
      ),
    )
    .map(([sex, year, month, department, rest, other, form]) => {
      const number = sex + year + month + department + rest;
      // As INSEE words it: A counts as 0 with a million taken off, B with two.
      const minus = department === "2A" ? 1_000_000n : department === "2B" ? 2_000_000n : 0n;
      const key = 97n - ((BigInt(number.replace(/[AB]/, "0")) - minus) % 97n);
      const text = String(key).padStart(2, "0");
      return {
        value: form(number + text),
        spoilt: form(number + text.slice(0, 1) + String((Number(text[1]) + other) % 10)),
      };
    }),

  "es-dni": fc.oneof(
    checked(digits(8), LETTERS, (whole) => "TRWAGMYFPDXBNJZSQVHLCKE"[Number(whole.slice(0, 8)) % 23] === whole[8], [
      joined,
      (whole) => cut(whole, [8, 1], "-"),
      (whole) => `${cut(whole.slice(0, 8), [2, 3, 3], ".")}-${whole[8]}`,
      (whole) => whole.toLowerCase(),
    ]),
    checked(
      fc.tuple(fc.constantFrom("X", "Y", "Z"), digits(7)).map((parts) => parts.join("")),
      LETTERS,
      (whole) => {
        const number = whole.slice(0, 8).replace("X", "0").replace("Y", "1").replace("Z", "2");
        return "TRWAGMYFPDXBNJZSQVHLCKE"[Number(number) % 23] === whole[8];
      },
      [joined, (whole) => cut(whole, [1, 7, 1], "-")],
    ),
  ),

  "it-codice-fiscale": checked(
    fc
      .tuple(
        letters(6),
        digits(2),
        fc.constantFrom(..."ABCDEHLMPRST"),
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom(0, 40),
        letters(1),
        digits(3),
        fc.subarray([6, 7, 9, 10, 12, 13, 14]),
      )
      .map(([name, year, month, day, woman, place, code, replaced]) => {
        const body = name + year + month + String(day + woman).padStart(2, "0") + place + code;
        return [...body]
          .map((char, index) => (replaced.includes(index) ? "LMNPQRSTUV".charAt(Number(char)) : char))
          .join("");
      }),
    LETTERS,
    (whole) => {
      const odd = "BAKPLCQDREVOSFTGUHMINJWZYX";
      const sum = [...whole.slice(0, 15)].reduce((total, char, index) => {
        const letter = /[0-9]/.test(char) ? "ABCDEFGHIJ".charAt(Number(char)) : char;
        return total + (index % 2 === 0 ? odd.indexOf(letter) : LETTERS.indexOf(letter));
      }, 0);
      return LETTERS[sum % 26] === whole[15];
    },
    [joined, (whole) => cut(whole, [3, 3, 5, 5], " "), (whole) => whole.toLowerCase()],
  ),

  "uk-nhs": checked(
    fc.tuple(fc.constantFrom("3", "4", "6", "7", "9"), digits(8)).map((parts) => parts.join("")),
    DIGITS,
    (whole) => weighted(whole, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
    [joined, (whole) => cut(whole, [3, 3, 4], " "), (whole) => cut(whole, [3, 3, 4], "-")],
  ),

  "uk-nino": fc
    .tuple(
      fc.constantFrom("AB", "CE", "PW", "SR", "OA"),
      digits(6),
      fc.constantFrom("A", "B", "C", "D"),
      fc.constantFrom(joined, (whole: string) => cut(whole, [2, 2, 2, 2, 1], " ")),
    )
    .map(([prefix, number, suffix, form]) => ({ value: form(prefix + number + suffix), spoilt: null })),

  "nl-bsn": checked(
    digits(8).filter((body) => body !== "00000000"),
    DIGITS,
    (whole) => weighted(whole, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    [joined, (whole) => cut(whole, [4, 2, 3], ".")],
  ),

  "pl-pesel": checked(
    fc
      .tuple(
        digits(2),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0, 20, 40, 60, 80),
        fc.integer({ min: 1, max: 28 }),
        digits(4),
      )
      .map(
        ([year, month, century, day, serial]) =>
          `${year}${String(month + century).padStart(2, "0")}${String(day).padStart(2, "0")}${serial}`,
      ),
    DIGITS,
    (whole) => weighted(whole, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
    [joined],
  ),

  ipv4: fc.ipV4().map((value) => ({ value, spoilt: null })),

  ipv6: fc
    .ipV6()
    .filter((value) => /[0-9]/.test(value) && value !== "::")
    .map((value) => ({ value, spoilt: null })),

  phone: fc
    .tuple(
      fc.constantFrom("+49 170 7", "+49170", "+33 6 1", "+34 612 ", "+48 22 1", "+31 (0)6 12", "0049 170 ", "0170/7"),
      digits(6),
    )
    .map(([prefix, rest]) => ({ value: prefix + rest, spoilt: null })),
};

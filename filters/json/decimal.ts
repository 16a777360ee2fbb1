/** JSON numbers as what they stand for, exactly: no number type is involved that could round. */

/** More digits than this in an exponent, and no length of the digits before it could bring the number back in range. */
const LONGEST_EXPONENT = 15;

/**
 * A spelling shared by all spellings of the same number (`1`, `1.0`, `10e-1`), or null for one whose exponent is beyond
 * 10^15. `text` must be a JSON number. Takes time linear in its length.
 */
export function canonicalDecimal(text: string): string | null {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?)0*([0-9]+))?$/.exec(text);
  if (match === null) throw new SyntaxError("not a JSON number");
  const [, sign = "", whole = "", fraction = "", exponentSign = "", exponentDigits = "0"] = match;
  const digits = whole + fraction;
  let first = 0;
  while (digits[first] === "0") first++;
  if (first === digits.length) return "0";
  if (exponentDigits.length > LONGEST_EXPONENT) return null;
  let last = digits.length;
  while (digits[last - 1] === "0") last--;
  const exponent = Number(`${exponentSign}${exponentDigits}`) - fraction.length + (digits.length - last);
  return `${sign}${digits.slice(first, last)}e${exponent}`;
}

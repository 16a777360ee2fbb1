/** Decimal numbers as integers with a scale, so that nothing is ever rounded. */

/** `digits * 10 ** -scale`; the scale is not negative. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** More characters, or a larger exponent, than any number that is meant as one. */
const LONGEST_TEXT = 400;
const LARGEST_EXPONENT = 400;

/** Reads a number as JSON spells them; null for anything else, and for what is too long to be worked with. */
export function parseDecimal(text: string): ExactDecimal | null {
  if (text.length > LONGEST_TEXT) return null;
  const match = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > LARGEST_EXPONENT) return null;
  const digits = BigInt(`${whole}${fraction}`) * (sign === "" ? 1n : -1n);
  return atScale({ digits, scale: fraction.length - exponent }, Math.max(fraction.length - exponent, 0));
}

/** The largest multiple of `step`, which is positive, that is not above `value`. */
export function lowerMultiple(value: ExactDecimal, step: ExactDecimal): ExactDecimal {
  const scale = Math.max(value.scale, step.scale);
  const whole = atScale(value, scale).digits;
  const unit = atScale(step, scale).digits;
  const rest = whole % unit;
  return { digits: whole - (rest < 0n ? rest + unit : rest), scale };
}

/** Without exponent, and without zeros nobody needs. */
export function formatDecimal({ digits, scale }: ExactDecimal): string {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const fraction = scale === 0 ? "" : text.slice(-scale).replace(/0+$/, "");
  return `${sign}${text.slice(0, text.length - scale)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The same number with a larger (or, from a negative one, any) scale. */
function atScale({ digits, scale }: ExactDecimal, wanted: number): ExactDecimal {
  return { digits: digits * 10n ** BigInt(wanted - scale), scale: wanted };
}

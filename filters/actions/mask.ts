/** Masking: some characters at both ends stay readable, each other one is replaced by the same character. */

import { type OptionProblem, Type } from "../../src/mod.ts";
import type { FieldAction, NumberShape } from "../fields/change.ts";
import { type Mask, maskAscii, mask as maskJson, maskText } from "../json/mask.ts";
import { cannot } from "./cannot.ts";
import { fitsShape } from "./number-range.ts";

const Count = Type.Integer({ minimum: 0, maximum: 1000, default: 0, description: "Characters (Unicode code points)." });

export const MaskOptions = {
  action: Type.Literal("mask"),
  first: Type.Optional(Count),
  last: Type.Optional(Count),
  with: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, default: "*", description: "One character, for each that is hidden." }),
  ),
};

interface Options {
  readonly first?: number;
  readonly last?: number;
  readonly with?: string;
}

export function maskProblems(options: Options, pointer: string): OptionProblem[] {
  if (options.with?.isWellFormed() === false) return [{ path: `${pointer}/with`, message: "is half a surrogate pair" }];
  return [];
}

/** Where a schema wants a number, the digits are masked, which takes a digit as `with`. */
export function mask(options: Options, label: string): FieldAction {
  const settings: Mask = {
    path: label,
    first: options.first ?? 0,
    last: options.last ?? 0,
    with: options.with ?? "*",
  };
  return {
    name: "mask",
    text: (value) => maskText(value, settings),
    ascii: maskAscii(settings),
    ...(/^[0-9]$/.test(settings.with) ? { number: (decimal, shape) => maskDigits(decimal, shape, settings) } : {}),
    json: maskJson(settings),
  };
}

function maskDigits(decimal: string, shape: NumberShape, settings: Mask): string {
  const [, sign = "", whole, fraction] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(decimal) ?? [];
  if (whole === undefined) return cannot("mask", settings.path, "there is a number with an exponent, or none");
  const digits = maskText(whole + (fraction ?? ""), settings);
  const masked = BigInt(digits.slice(0, whole.length));
  const signed = sign === "" ? masked : -masked;
  if (shape.kind === "integer" && !fitsShape(signed, shape))
    cannot("mask", settings.path, "with the digits replaced it is too large for its type");
  return fraction === undefined ? String(signed) : `${sign}${masked}.${digits.slice(whole.length)}`;
}

/** Generalising: something less exact, and still true, in the place of a value. */

import { type OptionProblem, StraitError, Type } from "../../src/mod.ts";
import type { FieldAction } from "../fields/change.ts";
import { generaliseAddress } from "./generalise-address.ts";
import { generaliseDate } from "./generalise-date.ts";
import { bucketOf, generaliseNumber } from "./generalise-number.ts";
import { generalisePostcode } from "./generalise-postcode.ts";

const action = Type.Literal("generalise");

export const GeneraliseToOptions = {
  action,
  to: Type.Union([Type.Literal("year"), Type.Literal("month"), Type.Literal("day"), Type.Literal("network")], {
    description:
      "year, month, day: of an RFC 3339 date or timestamp as text, which becomes 2026, 2026-11 or 2026-11-22; of a number that the schema calls a date or timestamp, the first instant of it in UTC. network: the /24 of an IPv4 and the /48 of an IPv6 address.",
  }),
};

export const GeneraliseBucketOptions = {
  action,
  bucket: Type.Number({
    exclusiveMinimum: 0,
    description: "Numbers become the largest multiple of this that is not above them. JSON numbers stay numbers.",
  }),
};

export const GeneralisePostcodeOptions = {
  action,
  postcode: Type.Integer({
    minimum: 1,
    maximum: 10,
    description: "How many characters of a postcode stay. Of one that has no more than these, none does.",
  }),
  rest: Type.Optional(
    Type.Union([Type.Literal("drop"), Type.Literal("mask")], {
      default: "drop",
      description: "Whether the others go, or become stars.",
    }),
  ),
};

type Options =
  | { readonly to: "year" | "month" | "day" | "network" }
  | { readonly bucket: number }
  | { readonly postcode: number; readonly rest?: "drop" | "mask" };

export function generaliseProblems(options: Options, pointer: string): OptionProblem[] {
  if (!("bucket" in options) || bucketOf(options.bucket) !== null) return [];
  return [{ path: `${pointer}/bucket`, message: "must be above 0, and not so large or small that reading it rounds" }];
}

export function generalise(options: Options, label: string): FieldAction {
  if ("postcode" in options) return generalisePostcode(options.postcode, options.rest ?? "drop");
  if ("to" in options) return options.to === "network" ? generaliseAddress(label) : generaliseDate(options.to, label);
  const bucket = bucketOf(options.bucket);
  if (bucket === null) throw new StraitError("filter-invalid", `the bucket for ${label} is no exact number above 0`);
  return generaliseNumber(bucket, label);
}

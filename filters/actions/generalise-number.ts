/** Numbers, generalised to the lower bound of the bucket they lie in. */

import type { FieldAction, NumberShape } from "../fields/change.ts";
import { changeByText } from "../json/change-by-text.ts";
import { decodeAscii, encodeText } from "../json/text.ts";
import { cannot } from "./cannot.ts";
import { type ExactDecimal, formatDecimal, lowerMultiple, parseDecimal } from "./exact-decimal.ts";
import { fitsShape } from "./number-range.ts";

/** Reads the size of a bucket; null for one that is not above 0 or was rounded when it was read. */
export function bucketOf(size: number): ExactDecimal | null {
  if (!(size > 0) || (Number.isInteger(size) && !Number.isSafeInteger(size))) return null;
  return parseDecimal(String(size));
}

/** Buckets begin at 0 and go both ways. Text stays text; JSON's numbers stay numbers, and none is rounded. */
export function generaliseNumber(bucket: ExactDecimal, label: string): FieldAction {
  const lower = (decimal: string): ExactDecimal => {
    const value = parseDecimal(decimal);
    return value === null
      ? cannot("generalise", label, "there is no number, or a very long one")
      : lowerMultiple(value, bucket);
  };
  const text = (value: string): string | null => unlessSame(value, formatDecimal(lower(value)));
  const action: FieldAction = {
    name: "generalise",
    text,
    number: (decimal, shape) => unlessSame(decimal, inShape(lower(decimal), shape, label)),
  };
  const inText = changeByText(action, label);
  return {
    ...action,
    json(bytes, start, end, patch) {
      if (!isNumber(bytes[start])) return inText(bytes, start, end, patch);
      const bound = text(decodeAscii(bytes, start, end));
      if (bound !== null) patch.append(encodeText(bound));
      return bound !== null;
    },
  };
}

function inShape(bound: ExactDecimal, shape: NumberShape, label: string): string {
  const text = formatDecimal(bound);
  if (shape.kind === "float") return text;
  if (text.includes(".")) return cannot("generalise", label, "its type is an integer, and the bucket's bound is none");
  if (!fitsShape(BigInt(text), shape)) cannot("generalise", label, "the bucket begins below what the type can hold");
  return text;
}

function unlessSame(before: string, after: string): string | null {
  return before === after ? null : after;
}

function isNumber(first: number | undefined): boolean {
  return first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39);
}

/** Truncating: only the beginning of a text stays. */

import { Type } from "../../src/mod.ts";
import type { FieldAction } from "../fields/change.ts";

export const TruncateOptions = {
  action: Type.Literal("truncate"),
  length: Type.Integer({
    minimum: 0,
    maximum: 100_000,
    description: "How much stays: characters (Unicode code points), bytes where the schema says bytes.",
  }),
};

/** The first `length` code points; what has no more of them stays as it is. */
export function truncate({ length }: { readonly length: number }): FieldAction {
  return {
    name: "truncate",
    text(value) {
      const end = codePointsEnd(value, length);
      return end === value.length ? null : value.slice(0, end);
    },
    bytes: (value) => (value.length <= length ? null : value.slice(0, length)),
  };
}

/** Where, in UTF-16 units, the first `count` code points end. */
export function codePointsEnd(text: string, count: number): number {
  let at = 0;
  for (let taken = 0; taken < count && at < text.length; taken++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

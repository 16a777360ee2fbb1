/** What stands in the place of a value that goes from data whose schema stays. */

import { encodeValue } from "./encode.ts";
import type { RecordField, UnionType } from "./model.ts";

/** Null, encoded, where the field can be null, and else its default. Null where it has none, or one that does not fit. */
export function blankOf({ place, hasDefault, json }: RecordField): Uint8Array | null {
  const { type } = place;
  if (type.kind === "null") return new Uint8Array();
  const nothing = type.kind === "union" ? nullOf(type) : null;
  if (nothing !== null) return nothing;
  return hasDefault ? encodeValue(type, json["default"]) : null;
}

/** Null as a value of the union; null where it has no such branch. */
export function nullOf(union: UnionType): Uint8Array | null {
  return union.branches.some(({ type }) => type.kind === "null") ? encodeValue(union, null) : null;
}

/** The key of a map's entry as text, for paths. */

import { ScalarType } from "@bufbuild/protobuf";
import { numberCodec } from "./numbers.ts";
import { readText } from "./value-edit.ts";
import type { ValueType } from "./value-type.ts";
import { FIXED32, FIXED64, LENGTH, malformed, readVarint64, VARINT, type WireReader } from "./wire.ts";

/**
 * The text of the key in the entry from `start` to `end`: as readers do, the last one counts, and where there is none the
 * type's default. Throws `filter-failed` for an entry that is not one.
 */
export function keyText(type: ValueType, reader: WireReader, start: number, end: number): string {
  let text: string | null = null;
  reader.at = start;
  while (reader.at < end) {
    const field = reader.at;
    const tag = reader.varint32(end);
    const wire = tag & 7;
    let from = reader.at;
    if (wire === LENGTH) {
      const length = reader.varint32(end);
      from = reader.at;
      reader.skip(length, end);
    } else if (wire === VARINT || wire === FIXED32 || wire === FIXED64) reader.skipScalar(wire, end);
    else throw malformed("a group, or no wire type", field);
    if (tag >>> 3 !== 1) continue;
    if (wire !== type.wire) throw malformed("a map's key that has another type than the schema's", field);
    text = scalarText(type, reader.bytes, from, reader.at);
  }
  return text ?? defaultText(type);
}

function scalarText({ scalar, field }: ValueType, bytes: Uint8Array, start: number, end: number): string {
  if (scalar === ScalarType.STRING) return readText(bytes, start, end, `a key of ${field.name}`);
  if (scalar === ScalarType.BOOL) return String(readVarint64(bytes, start, end) !== 0n);
  const text = numberCodec(scalar)?.read(bytes, start, end) ?? null;
  if (text === null) throw new TypeError("a map's key is a string, a boolean or an integer");
  return text;
}

function defaultText({ scalar }: ValueType): string {
  return scalar === ScalarType.STRING ? "" : scalar === ScalarType.BOOL ? "false" : "0";
}

/** JSON values as Avro bytes, spelt as schemas spell defaults: bytes as text of one character (U+0000 to U+00FF) each. */

import { Patch } from "../bytes/patch.ts";
import type { AvroType, RecordType, UnionType } from "./model.ts";
import { isExactNumber } from "./schema-text.ts";
import { appendText } from "./text.ts";
import { appendLongVarint, appendVarint } from "./varint.ts";

/** A default that lets a record stand in itself without end would go on for ever. */
const DEEPEST_VALUE = 200;
/** Unions in unions of records could be tried in exponentially many ways. */
const MOST_VALUES = 1_000_000;

type Members = Readonly<Record<string, unknown>>;

interface Output {
  readonly patch: Patch;
  /** So many values may still be tried. */
  left: number;
}

/** The encoded value, or null where it does not fit the type. In a union it is of the first branch it fits. */
export function encodeValue(type: AvroType, value: unknown): Uint8Array | null {
  const output: Output = { patch: new Patch(), left: MOST_VALUES };
  return append(output, type, value, 0) ? output.patch.bytes.slice(0, output.patch.length) : null;
}

/** The index of the first branch the value fits, or -1. */
export function fittingBranch(union: UnionType, value: unknown): number {
  return union.branches.findIndex((branch) => encodeValue(branch.type, value) !== null);
}

/** Returns false for a value that does not fit; what was appended until then is for the caller to forget. */
function append(output: Output, type: AvroType, value: unknown, depth: number): boolean {
  if (depth > DEEPEST_VALUE || output.left-- <= 0) return false;
  const { patch } = output;
  switch (type.kind) {
    case "null":
      return value === null;
    case "boolean":
      if (typeof value !== "boolean") return false;
      patch.byte(value ? 1 : 0);
      return true;
    case "int":
    case "long":
      return appendInteger(patch, value, type.kind === "int" ? 32 : 64);
    case "float":
    case "double":
      return appendFloat(patch, value, type.kind === "float" ? 4 : 8);
    case "string":
      if (typeof value !== "string" || !value.isWellFormed()) return false;
      appendText(patch, value);
      return true;
    case "bytes":
    case "fixed":
      if (typeof value !== "string" || /[^\p{ASCII}\u0080-\u00ff]/u.test(value)) return false;
      if (type.kind === "fixed" && value.length !== type.size) return false;
      if (type.kind === "bytes") appendVarint(patch, value.length);
      patch.append(Uint8Array.from(value, (character) => character.charCodeAt(0)));
      return true;
    case "enum": {
      const index = typeof value === "string" ? type.symbols.indexOf(value) : -1;
      if (index >= 0) appendVarint(patch, index);
      return index >= 0;
    }
    case "array": {
      if (!Array.isArray(value)) return false;
      if (value.length > 0) appendVarint(patch, value.length);
      if (!value.every((item) => append(output, type.items.type, item, depth + 1))) return false;
      patch.byte(0);
      return true;
    }
    case "map": {
      if (!isMembers(value)) return false;
      const entries = Object.entries(value);
      if (entries.length > 0) appendVarint(patch, entries.length);
      for (const [key, item] of entries) {
        if (!key.isWellFormed()) return false;
        appendText(patch, key);
        if (!append(output, type.values.type, item, depth + 1)) return false;
      }
      patch.byte(0);
      return true;
    }
    case "union": {
      const start = patch.length;
      return type.branches.some((branch, index) => {
        patch.length = start;
        appendVarint(patch, index);
        return append(output, branch.type, value, depth + 1);
      });
    }
    case "record":
      return isMembers(value) && appendRecord(output, type, value, depth);
  }
}

/** A field that is missing has its default, and there are no members that are no fields. */
function appendRecord(output: Output, type: RecordType, value: Members, depth: number): boolean {
  const names = new Set(type.fields.map(({ name }) => name));
  if (!Object.keys(value).every((name) => names.has(name))) return false;
  return type.fields.every(({ name, place, hasDefault, json }) => {
    if (Object.hasOwn(value, name)) return append(output, place.type, value[name], depth + 1);
    return hasDefault && append(output, place.type, json["default"], depth + 1);
  });
}

function appendInteger(patch: Patch, value: unknown, bits: number): boolean {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || (bits === 32 && (value | 0) !== value)) return false;
    appendVarint(patch, value);
    return true;
  }
  if (!isExactNumber(value)) return false;
  const exact = BigInt(value.rawJSON);
  if (BigInt.asIntN(bits, exact) !== exact) return false;
  appendLongVarint(patch, exact);
  return true;
}

function appendFloat(patch: Patch, value: unknown, size: 4 | 8): boolean {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  if (typeof number !== "number") return false;
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, number, true);
  else view.setFloat64(0, number, true);
  if (!Number.isFinite(size === 4 ? view.getFloat32(0, true) : number)) return false;
  patch.append(new Uint8Array(view.buffer));
  return true;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

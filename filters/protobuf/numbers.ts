/** Between numbers on the wire and the decimal digits that actions work on. */

import { ScalarType } from "@bufbuild/protobuf";
import type { Patch } from "../bytes/patch.ts";
import type { NumberShape } from "../fields/change.ts";
import { readVarint64, writeVarint64 } from "./wire.ts";

export interface NumberCodec {
  readonly shape: NumberShape;
  /** The number's decimal digits, or null for what has none (infinite, not a number). */
  read(bytes: Uint8Array, start: number, end: number): string | null;
  /** Appends the number; false, and nothing appended, where the type cannot hold it. */
  write(decimal: string, patch: Patch): boolean;
}

/** How numbers of a scalar type are spelt; null for a type that is no number. */
export function numberCodec(type: ScalarType | undefined): NumberCodec | null {
  switch (type) {
    case ScalarType.INT32:
      return integer({ bits: 32, signed: true, form: "varint" });
    case ScalarType.INT64:
      return integer({ bits: 64, signed: true, form: "varint" });
    case ScalarType.UINT32:
      return integer({ bits: 32, signed: false, form: "varint" });
    case ScalarType.UINT64:
      return integer({ bits: 64, signed: false, form: "varint" });
    case ScalarType.SINT32:
      return integer({ bits: 32, signed: true, form: "zigzag" });
    case ScalarType.SINT64:
      return integer({ bits: 64, signed: true, form: "zigzag" });
    case ScalarType.FIXED32:
      return integer({ bits: 32, signed: false, form: "fixed" });
    case ScalarType.SFIXED32:
      return integer({ bits: 32, signed: true, form: "fixed" });
    case ScalarType.FIXED64:
      return integer({ bits: 64, signed: false, form: "fixed" });
    case ScalarType.SFIXED64:
      return integer({ bits: 64, signed: true, form: "fixed" });
    case ScalarType.FLOAT:
      return float(32);
    case ScalarType.DOUBLE:
      return float(64);
    default:
      return null;
  }
}

interface IntegerForm {
  readonly bits: 32 | 64;
  readonly signed: boolean;
  readonly form: "varint" | "zigzag" | "fixed";
}

function integer({ bits, signed, form }: IntegerForm): NumberCodec {
  // More bits than the type has are cut off, as parsers do.
  const wrap = signed ? (value: bigint) => BigInt.asIntN(bits, value) : (value: bigint) => BigInt.asUintN(bits, value);
  return {
    shape: { kind: "integer", bits, signed, logical: null },
    read(bytes, start, end) {
      if (form === "fixed") return String(wrap(readFixed(bytes, start, end)));
      const raw = readVarint64(bytes, start, end);
      if (form === "varint") return String(wrap(raw));
      const unsigned = BigInt.asUintN(bits, raw);
      return String((unsigned >> 1n) ^ -(unsigned & 1n));
    },
    write(decimal, patch) {
      if (!/^-?[0-9]{1,20}$/.test(decimal)) return false;
      const value = BigInt(decimal);
      if (wrap(value) !== value) return false;
      if (form === "fixed") writeFixed(patch, BigInt.asUintN(bits, value), bits / 8);
      else if (form === "zigzag")
        writeVarint64(patch, BigInt.asUintN(bits, (value << 1n) ^ (value >> BigInt(bits - 1))));
      // A negative int32 is as long as an int64.
      else writeVarint64(patch, BigInt.asUintN(64, value));
      return true;
    },
  };
}

function float(bits: 32 | 64): NumberCodec {
  return {
    shape: { kind: "float", bits, signed: true, logical: null },
    read(bytes, start) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + start, bits / 8);
      const value = bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
      return Number.isFinite(value) ? decimalDigits(value) : null;
    },
    write(decimal, patch) {
      if (!/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(decimal)) return false;
      const view = new DataView(new ArrayBuffer(bits / 8));
      if (bits === 32) view.setFloat32(0, Number(decimal), true);
      else view.setFloat64(0, Number(decimal), true);
      if (!Number.isFinite(bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true))) return false;
      patch.append(new Uint8Array(view.buffer));
      return true;
    },
  };
}

function readFixed(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 8n) | BigInt(bytes[at]!);
  return value;
}

function writeFixed(patch: Patch, value: bigint, length: number): void {
  for (let at = 0; at < length; at++) patch.byte(Number((value >> BigInt(8 * at)) & 0xffn));
}

/** The shortest digits that give the number again, without an exponent. */
function decimalDigits(value: number): string {
  const text = String(value);
  const match = /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", rest = "", exponentText = "0"] = match;
  const digits = first + rest;
  const exponent = Number(exponentText);
  return exponent < 0
    ? `${sign}0.${"0".repeat(-exponent - 1)}${digits}`
    : `${sign}${digits}${"0".repeat(exponent - rest.length)}`;
}

/** What one value is: a field, an element of a repeated field, or the key or value of a map entry. */

import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FIXED32, FIXED64, LENGTH, VARINT } from "./wire.ts";

export interface ValueType {
  /** The field it belongs to. */
  readonly field: DescField;
  readonly part: "field" | "element" | "key" | "value";
  readonly kind: "scalar" | "enum" | "message";
  readonly scalar: ScalarType | undefined;
  readonly enumeration: DescEnum | undefined;
  readonly message: DescMessage | undefined;
  /** Its wire type. */
  readonly wire: number;
}

/** The type of a field's one value, of its elements or of its entries' values. */
export function valueTypeOf(field: DescField): ValueType {
  const kind =
    field.fieldKind === "list" ? field.listKind : field.fieldKind === "map" ? field.mapKind : field.fieldKind;
  const part = field.fieldKind === "list" ? "element" : field.fieldKind === "map" ? "value" : "field";
  const { scalar, enum: enumeration, message } = field;
  return { field, part, kind, scalar, enumeration, message, wire: wireOf(scalar, message !== undefined) };
}

/** The type of a map's keys. */
export function keyTypeOf(field: DescField & { readonly fieldKind: "map" }): ValueType {
  const scalar = field.mapKey;
  const wire = wireOf(scalar, false);
  return { field, part: "key", kind: "scalar", scalar, enumeration: undefined, message: undefined, wire };
}

/** Whether elements may stand in one run without tags; readers take both forms, whatever the schema says. */
export function isPackable(type: ValueType): boolean {
  return type.part === "element" && type.wire !== LENGTH;
}

/** In words for messages, such as `shop.Order.amount is an int32`. */
export function describe(type: ValueType): string {
  const { parent, name } = type.field;
  const what = `${parent.typeName}.${name}`;
  const subject =
    type.part === "field" ? what : type.part === "element" ? `an element of ${what}` : `a ${type.part} of ${what}`;
  return `${subject} is ${article(typeName(type))}`;
}

function typeName({ scalar, enumeration, message }: ValueType): string {
  if (enumeration !== undefined) return `enum (${enumeration.typeName})`;
  if (message !== undefined) return `message (${message.typeName})`;
  return scalar === undefined ? "field" : ScalarType[scalar].toLowerCase();
}

function article(noun: string): string {
  return noun === "bytes" ? noun : `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}

function wireOf(scalar: ScalarType | undefined, isMessage: boolean): number {
  if (isMessage) return LENGTH;
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return LENGTH;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return FIXED64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return FIXED32;
    default:
      return VARINT;
  }
}

/** Values from options, in Protobuf's JSON mapping, as bytes on the wire. */

import { type DescField, type DescMessage, fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { StraitError } from "../../src/mod.ts";
import { describe, type ValueType } from "./value-type.ts";
import { WireReader } from "./wire.ts";

/** A value of a type as it stands behind a tag, with its length where it has one. Throws as `encodeTagged`. */
export function encodeValue(type: ValueType, value: unknown, label: string): Uint8Array {
  const reader = new WireReader();
  reader.bytes = encodeTagged(type, value, label);
  reader.varint32(reader.bytes.length);
  return reader.bytes.subarray(reader.at);
}

/** A value with its field's tag. Throws `filter-invalid`, with `label` and the field, for one that does not fit. */
export function encodeTagged(type: ValueType, value: unknown, label: string): Uint8Array {
  const { field } = type;
  const alone = {
    ...field,
    fieldKind: type.kind,
    scalar: type.scalar,
    enum: type.enumeration,
    message: type.message,
    listKind: undefined,
    mapKind: undefined,
    mapKey: undefined,
    // So that a value which is the type's default is written, too.
    presence: FeatureSet_FieldPresence.EXPLICIT,
    oneof: undefined,
    delimitedEncoding: false,
    getDefaultValue: () => undefined,
  } as unknown as DescField;
  const encoded = encodeAlone(alone, value, () => describe(type), label);
  if (encoded.length === 0) throw invalid(label, describe(type), "null stands for an absent field; use drop");
  return encoded;
}

/** All of a repeated field or a map, with its tags; empty for an empty one. Throws as `encodeValue`. */
export function encodeWhole(field: DescField, value: unknown, label: string): Uint8Array {
  const what = () =>
    `${field.parent.typeName}.${field.name} is a ${field.fieldKind === "map" ? "map" : "repeated field"}`;
  if (typeof value !== "object" || value === null)
    throw invalid(label, what(), `the value must be ${field.fieldKind === "map" ? "an object" : "an array"}`);
  return encodeAlone(field, value, what, label);
}

/** A whole message. Throws as `encodeValue`. */
export function encodeMessage(message: DescMessage, value: unknown, label: string): Uint8Array {
  return attempt(message, value, () => `the value is a message (${message.typeName})`, label);
}

/** A message like the field's with no other field, so that none of those can be missing. */
function encodeAlone(field: DescField, value: unknown, what: () => string, label: string): Uint8Array {
  const container = {
    ...field.parent,
    fields: [field],
    field: { [field.localName]: field },
    members: [field],
    oneofs: [],
  };
  return attempt(container, { [field.name]: value }, what, label);
}

function attempt(message: DescMessage, value: unknown, what: () => string, label: string): Uint8Array {
  try {
    return toBinary(message, fromJson(message, value as JsonValue));
  } catch (thrown) {
    throw invalid(label, what(), thrown instanceof Error ? thrown.message : "the value does not fit");
  }
}

function invalid(label: string, what: string, why: string): StraitError {
  return new StraitError("filter-invalid", `cannot replace ${label}: ${what}; ${why}`);
}

/** Payloads as lists of their smallest pieces, for comparing them byte by byte but for lengths. */

import type { DescMessage } from "@bufbuild/protobuf";
import { wireOf } from "./random-schema.ts";

/** In hex: the fields of a message with their tags; in place of one with fields or elements in it, its tag, those and `end`. */
export function dissect(desc: DescMessage, bytes: Uint8Array): string[] {
  return fieldsOf(bytes).flatMap(({ number, wire, tag, content, whole }) => {
    const field = desc.fields.find((one) => one.number === number);
    if (wire !== 2 || field === undefined) return [hex(whole)];
    if (field.fieldKind === "map") return [hex(tag), ...entry(field.message, content), "end"];
    if (field.message !== undefined) return [hex(tag), ...dissect(field.message, content), "end"];
    if (field.fieldKind === "list" && wireOf(field.scalar) !== 2) {
      const element = field.enum === undefined ? wireOf(field.scalar) : 0;
      return [hex(tag), ...elements(content, element), "end"];
    }
    return [`${hex(tag)} ${hex(content)}`];
  });
}

/** Where it is a message, the value's field is 2. */
function entry(value: DescMessage | undefined, bytes: Uint8Array): string[] {
  return fieldsOf(bytes).flatMap(({ number, wire, tag, content }) =>
    value !== undefined && number === 2 && wire === 2
      ? [hex(tag), ...dissect(value, content), "end"]
      : [`${hex(tag)} ${hex(content)}`],
  );
}

function elements(bytes: Uint8Array, wire: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = endOf(bytes, at, wire);
    pieces.push(hex(bytes.subarray(at, end)));
    at = end;
  }
  return pieces;
}

interface WireField {
  readonly number: number;
  readonly wire: number;
  readonly tag: Uint8Array;
  /** Without the length before it. */
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

/** The fields one after the other. Throws where one is cut off. */
function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const wire = tag.value % 8;
    const length = wire === 2 ? varintAt(bytes, tag.end) : null;
    const start = length?.end ?? tag.end;
    const end = length === null ? endOf(bytes, tag.end, wire) : start + length.value;
    if (end > bytes.length) throw new RangeError("cut off");
    fields.push({
      number: Math.floor(tag.value / 8),
      wire,
      tag: bytes.subarray(at, tag.end),
      content: bytes.subarray(start, end),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return fields;
}

function endOf(bytes: Uint8Array, at: number, wire: number): number {
  if (wire === 0) return varintAt(bytes, at).end;
  return at + (wire === 1 ? 8 : 4);
}

function varintAt(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = at, scale = 1; ; i++, scale *= 128) {
    const byte = bytes[i];
    if (byte === undefined) throw new RangeError("cut off");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: i + 1 };
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Whether all fields that the schema knows have its wire types, at all depths, so that decoders must agree on the content. */
export function conforms(desc: DescMessage, bytes: Uint8Array): boolean {
  return fieldsOf(bytes).every(({ number, wire, content }) => {
    const field = desc.fields.find((one) => one.number === number);
    if (field === undefined) return true;
    const { fieldKind, message } = field;
    if (fieldKind === "map")
      return (
        wire === 2 &&
        fieldsOf(content).every(({ number: part, wire: inner, content: value }) => {
          if (part === 1) return inner === wireOf(field.mapKey);
          if (part !== 2) return true;
          return message === undefined ? inner === wireOf(field.scalar) : inner === 2 && conforms(message, value);
        })
      );
    if (message !== undefined) return wire === 2 && conforms(message, content);
    return wire === wireOf(field.scalar) || (wire === 2 && fieldKind === "list");
  });
}

/** Payloads as lists of their smallest pieces, for comparing them byte by byte but for lengths. */

import type { DescMessage } from "@bufbuild/protobuf";
import { wireOf } from "./random-schema.ts";

/** In hex: the fields of a message with their tags; in place of one with fields or elements in it, its tag, those and `end`. */
export function dissect(desc: DescMessage, bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = varintAt(bytes, at);
    at = tag.end;
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const length = wire === 2 ? varintAt(bytes, at) : null;
    const content = length?.end ?? at;
    at = length === null ? endOf(bytes, at, wire) : content + length.value;
    const inner = bytes.subarray(content, at);
    const open = hex(bytes.subarray(start, tag.end));
    const field = desc.fields.find((one) => one.number === number);
    if (wire !== 2 || field === undefined) pieces.push(hex(bytes.subarray(start, at)));
    else if (field.fieldKind === "map") pieces.push(open, ...entry(field.message, inner), "end");
    else if (field.message !== undefined) pieces.push(open, ...dissect(field.message, inner), "end");
    else if (field.fieldKind === "list" && wireOf(field.scalar) !== 2) {
      const element = field.enum === undefined ? wireOf(field.scalar) : 0;
      pieces.push(open, ...elements(inner, element), "end");
    } else pieces.push(`${open} ${hex(inner)}`);
  }
  return pieces;
}

/** Where it is a message, the value's field is 2. */
function entry(value: DescMessage | undefined, bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const wire = tag.value % 8;
    const length = wire === 2 ? varintAt(bytes, tag.end) : null;
    const content = length?.end ?? tag.end;
    const end = length === null ? endOf(bytes, tag.end, wire) : content + length.value;
    const inner = bytes.subarray(content, end);
    if (value !== undefined && tag.value === 18)
      pieces.push(hex(bytes.subarray(at, tag.end)), ...dissect(value, inner), "end");
    else pieces.push(`${hex(bytes.subarray(at, tag.end))} ${hex(inner)}`);
    at = end;
  }
  return pieces;
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
  return eachField(bytes, (number, wire, content) => {
    const field = desc.fields.find((one) => one.number === number);
    if (field === undefined) return true;
    const { fieldKind, message } = field;
    if (fieldKind === "map")
      return (
        wire === 2 &&
        eachField(content, (part, inner, value) => {
          if (part === 1) return inner === wireOf(field.mapKey);
          if (part !== 2) return true;
          return message === undefined ? inner === wireOf(field.scalar) : inner === 2 && conforms(message, value);
        })
      );
    if (message !== undefined) return wire === 2 && conforms(message, content);
    return wire === wireOf(field.scalar) || (wire === 2 && fieldKind === "list");
  });
}

function eachField(bytes: Uint8Array, test: (number: number, wire: number, content: Uint8Array) => boolean): boolean {
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const wire = tag.value % 8;
    const length = wire === 2 ? varintAt(bytes, tag.end) : null;
    const content = length?.end ?? tag.end;
    const end = length === null ? endOf(bytes, tag.end, wire) : content + length.value;
    if (end > bytes.length || !test(Math.floor(tag.value / 8), wire, bytes.subarray(content, end))) return false;
    at = end;
  }
  return true;
}

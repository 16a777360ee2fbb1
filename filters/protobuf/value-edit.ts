/** What is done to one value, compiled for its type. What the type cannot take is refused here, before any record. */

import { ScalarType } from "@bufbuild/protobuf";
import { StraitError } from "../../src/mod.ts";
import type { Patch } from "../bytes/patch.ts";
import { utf8Text } from "../bytes/utf8.ts";
import { actOnText, type TextFormat } from "../fields/act-on-text.ts";
import type { FieldAction, FieldChange } from "../fields/change.ts";
import { numberCodec } from "./numbers.ts";
import { encodeValue } from "./replacement.ts";
import { describe, type ValueType } from "./value-type.ts";
import { malformed, writeVarint32 } from "./wire.ts";

/**
 * Appends what stands in the place of the value whose content, without a length, is from `start` to `end`: the new content
 * with a length where the type has one. Returns false for a value that stays.
 */
export type ValueEdit = (bytes: Uint8Array, start: number, end: number, patch: Patch) => boolean;

/** Compiles a change that is no drop. Throws `filter-invalid` for one that the type cannot take. */
export function valueEdit(change: Exclude<FieldChange, { kind: "drop" }>, type: ValueType, label: string): ValueEdit {
  if (change.kind === "act") return actionOn(change.action, type, label);
  const replacement = encodeValue(type, change.value, label);
  return (_bytes, _start, _end, patch) => {
    patch.append(replacement);
    return true;
  };
}

function actionOn(action: FieldAction, type: ValueType, label: string): ValueEdit {
  if (type.scalar === ScalarType.STRING) return textEdit(action, label);
  if (type.scalar === ScalarType.BYTES) return bytesEdit(action, type, label);
  return numberEdit(action, type, label);
}

function textEdit(action: FieldAction, label: string): ValueEdit {
  const format: TextFormat = {
    decode: (bytes, start, end) => readText(bytes, start, end, label),
    appendLength: writeVarint32,
  };
  return (bytes, start, end, patch) => actOnText(action, bytes, start, end, patch, format);
}

function bytesEdit(action: FieldAction, type: ValueType, label: string): ValueEdit {
  if (action.bytes === undefined)
    throw refused(action, label, `${describe(type)}, and ${action.name} makes no bytes; drop or replace it`);
  return (bytes, start, end, patch) => {
    const result = action.bytes?.(bytes.subarray(start, end)) ?? null;
    if (result === null) return false;
    writeVarint32(patch, result.length);
    patch.append(result);
    return true;
  };
}

function numberEdit(action: FieldAction, type: ValueType, label: string): ValueEdit {
  const codec = numberCodec(type.scalar);
  if (codec === null) throw refused(action, label, `${describe(type)}; drop or replace it`);
  if (action.number === undefined)
    throw refused(
      action,
      label,
      `${describe(type)}: the schema wants a number there, and ${action.name} gives text; drop or replace it`,
    );
  return (bytes, start, end, patch) => {
    const decimal = codec.read(bytes, start, end);
    if (decimal === null) throw failed(action, label, `there is no finite number at byte ${start}`);
    const result = action.number?.(decimal, codec.shape) ?? null;
    if (result === null) return false;
    if (!codec.write(result, patch)) throw failed(action, label, `the result does not fit: ${describe(type)}`);
    return true;
  };
}

/** A string's text. Throws `filter-failed` for what is not UTF-8. */
export function readText(bytes: Uint8Array, start: number, end: number, label: string): string {
  const text = utf8Text(bytes, start, end);
  if (text === null) throw malformed(`text for ${label} that is not UTF-8`, start);
  return text;
}

function refused(action: FieldAction, label: string, why: string): StraitError {
  return new StraitError("filter-invalid", `cannot ${action.name} ${label}: ${why}`);
}

function failed(action: FieldAction, label: string, why: string): StraitError {
  return new StraitError("filter-failed", `cannot ${action.name} ${label}: ${why}`);
}

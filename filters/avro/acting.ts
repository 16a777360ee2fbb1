/** Applies an action to one scalar value. */

import { StraitError } from "../../src/mod.ts";
import type { Patch } from "../bytes/patch.ts";
import { actOnText, type TextFormat } from "../fields/act-on-text.ts";
import type { Passing } from "./passing.ts";
import { ACT_BYTES, ACT_FIXED, ACT_INTEGER, ACT_TEXT, type Step } from "./step.ts";
import { decodeText } from "./text.ts";
import { appendLongVarint, appendVarint, decimalVarint, notAvro, varintEnd } from "./varint.ts";

const STRING: TextFormat = { decode: decodeText, appendLength: appendVarint };

/**
 * Appends what stands in the place of the value at `at` to the patch. Returns where the value ends, bitwise negated (`~end`)
 * where it is to stay. Throws `filter-failed` where the action makes something that the type cannot hold.
 */
export function act(step: Step, bytes: Uint8Array, at: number, passing: Passing, patch: Patch): number {
  switch (step.op) {
    case ACT_TEXT: {
      const end = passing.length(bytes, at) + passing.end;
      return actOnText(step.action!, bytes, passing.end, end, patch, STRING) ? end : ~end;
    }
    case ACT_BYTES: {
      const end = passing.length(bytes, at) + passing.end;
      const after = step.action!.bytes!(bytes.subarray(passing.end, end));
      if (after === null) return ~end;
      appendVarint(patch, after.length);
      patch.append(after);
      return end;
    }
    case ACT_FIXED: {
      const end = at + step.size;
      if (end > bytes.length) notAvro("the end inside a fixed", bytes.length);
      const after = step.action!.bytes!(bytes.subarray(at, end));
      if (after === null) return ~end;
      if (after.length !== step.size) cannotStand(step, `${after.length} bytes, and the schema wants ${step.size}`);
      patch.append(after);
      return end;
    }
    case ACT_INTEGER:
      return actOnInteger(step, bytes, at, patch);
    default:
      return actOnFloat(step, bytes, at, patch);
  }
}

function actOnInteger(step: Step, bytes: Uint8Array, at: number, patch: Patch): number {
  const shape = step.shape!;
  const end = varintEnd(bytes, at);
  const decimal = decimalVarint(bytes, at, end);
  if (shape.bits === 32 && (Number(decimal) | 0) !== Number(decimal)) notAvro("an int beyond 32 bits", at);
  const after = step.action!.number!(decimal, shape);
  if (after === null) return ~end;
  const value = /^-?[0-9]{1,20}$/.test(after) ? BigInt(after) : null;
  if (value === null || BigInt.asIntN(shape.bits, value) !== value)
    return cannotStand(step, `no integer of ${shape.bits} bits`);
  appendLongVarint(patch, value);
  return end;
}

function actOnFloat(step: Step, bytes: Uint8Array, at: number, patch: Patch): number {
  const shape = step.shape!;
  const size = shape.bits / 8;
  const end = at + size;
  if (end > bytes.length) notAvro("the end inside a number", bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  const before = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (!Number.isFinite(before)) notAvro("a number that is infinite or none, for which there are no digits", at);
  const after = step.action!.number!(String(before), shape);
  if (after === null) return ~end;
  const value = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(after) ? Number(after) : Number.NaN;
  const stored = new DataView(new ArrayBuffer(size));
  if (size === 4) stored.setFloat32(0, value, true);
  else stored.setFloat64(0, value, true);
  if (!Number.isFinite(size === 4 ? stored.getFloat32(0, true) : value))
    return cannotStand(step, `no number of ${shape.bits} bits`);
  patch.append(new Uint8Array(stored.buffer));
  return end;
}

function cannotStand(step: Step, what: string): never {
  throw new StraitError("filter-failed", `${step.action!.name} made ${what}`);
}

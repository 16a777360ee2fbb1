/** What the walk over a payload does at one place: passive steps find where a value ends, the others change something. */

import type { FieldAction, NumberShape } from "../fields/change.ts";

export const FIXED = 0;
export const VARINT = 1;
/** Bytes with their length before them, also strings. */
export const LENGTH_FIRST = 2;
export const BOOLEAN = 3;
export const ENUM = 4;
export const RECORD = 5;
export const ARRAY = 6;
export const MAP = 7;
export const UNION = 8;
/** From here on something below, or the value itself, may change. */
export const CHANGED_RECORD = 9;
export const CHANGED_ARRAY = 10;
export const CHANGED_MAP = 11;
export const CHANGED_UNION = 12;
/** The value goes: from a record, which must not have it, or from an array or a map, which has one fewer. */
export const CUT_FIELD = 13;
export const CUT_ITEM = 14;
/** The same bytes stand in the place of each value. */
export const CONSTANT = 15;
/** In a union: they stand in the place of its branch's index, too. */
export const WHOLE_CONSTANT = 16;
export const ACT_TEXT = 17;
export const ACT_BYTES = 18;
export const ACT_FIXED = 19;
export const ACT_INTEGER = 20;
export const ACT_FLOAT = 21;

/** One class for all, so that the walk meets one shape of objects. */
export class Step {
  op: number;
  /** FIXED, ACT_FIXED: bytes. ENUM: how many symbols. */
  size = 0;
  /** No value takes fewer bytes. Values that can take none always take none. */
  least = 1;
  /** The fields of a record, the branches of a union; for an array or a map what its items are. */
  parts: Step[] = [];
  /** For certain indexes of an array. */
  indexes: ReadonlyMap<number, Step> | null = null;
  /** For certain keys of a map. */
  keys: ReadonlyMap<string, Step> | null = null;
  /** What happens to the keys of a map. */
  key: Step | null = null;
  /** Whether items of this array or map may go. */
  cuts = false;
  /** How to find the end of what goes or is replaced. */
  passive: Step | null = null;
  /** Index of the label. */
  rule = 0;
  bytes: Uint8Array = NONE;
  /** CONSTANT: whether a value that is the same already counts as changed. */
  always = false;
  action: FieldAction | null = null;
  shape: NumberShape | null = null;

  constructor(op: number) {
    this.op = op;
  }
}

const NONE = new Uint8Array();

/** What is to be done with the messages of a schema, looked up by field number while the bytes are read. */

import type { DescMessage } from "@bufbuild/protobuf";
import type { ValueEdit } from "./value-edit.ts";
import type { ValueType } from "./value-type.ts";

/** Leaves a value as it is. */
export interface Stay {
  readonly kind: "stay";
}

/** Takes a value out; `rule` is -1 where an allow-list does not name it. */
export interface Drop {
  readonly kind: "drop";
  readonly rule: number;
}

/** Puts something in a value's place. */
export interface Change {
  readonly kind: "change";
  readonly rule: number;
  readonly edit: ValueEdit;
}

/** Goes on inside of a message. */
export interface Enter {
  readonly kind: "enter";
  readonly plan: Plan;
  /** Where it stands more than once: readers merge it, take the last, or take each for itself. */
  readonly repeats: "merge" | "last" | "each";
}

/** Goes on inside of a map's entries, all the same. */
export interface Entries {
  readonly kind: "entries";
  readonly entry: Entry;
}

/** What happens to a map's entries depends on their keys. */
export interface Keyed {
  readonly kind: "keyed";
  readonly key: ValueType;
  /** By the key's text; digits for numbers. */
  readonly byKey: ReadonlyMap<string, Entry>;
  readonly other: Entry;
}

/** What happens to elements depends on how many there were before. */
export interface Counted {
  readonly kind: "counted";
  readonly byIndex: ReadonlyMap<number, Single>;
  readonly other: Single;
}

/** Puts the same in the place of a field that may stand there several times: first what is new, then nothing. */
export interface Whole {
  readonly kind: "whole";
  readonly rule: number;
  /** With tags. */
  readonly bytes: Uint8Array;
}

/** What may be done to one value. */
export type Single = Stay | Drop | Change | Enter;

/** What may be done to a map's entry; entering treats it as the message it is on the wire. */
export type Entry = Stay | Drop | Enter;

export type Action = Single | Entries | Keyed | Counted | Whole;

/** What is done with a field, if it is what the schema says. */
export interface Step {
  readonly action: Action;
  readonly wire: number;
  /** Whether elements may stand in one run without tags. */
  readonly packable: boolean;
}

/** One message type at one place. */
export interface Plan {
  /** Null for the entries of maps. */
  readonly message: DescMessage | null;
  /** By field number; fields without a step stay, or go where an allow-list decides. */
  readonly steps: Map<number, Step>;
  /** The steps of small numbers again, for the loop. */
  table: readonly (Step | undefined)[];
}

/** A selection, compiled for a message type. */
export interface Program {
  /** What is done with the message as a whole. */
  readonly root: Stay | Change | Enter;
  /** Whether what has no step goes. */
  readonly keeps: boolean;
  /** By the rules' indexes. */
  readonly labels: readonly string[];
  /** Whether something depends on what stood in the same message before. */
  readonly remembers: boolean;
}

/** What is done with a chosen field, in words that every format understands. */

import type { KafkaRecord } from "../../src/mod.ts";
import type { Patch } from "../bytes/patch.ts";

/** What kind of number a schema wants in a place. JSON's numbers are never asked about: there a text may stand instead. */
export interface NumberShape {
  readonly kind: "integer" | "float";
  readonly bits: 32 | 64;
  readonly signed: boolean;
  /** What the number stands for where the schema says so (Avro's logical types: `date`, `timestamp-millis` ...). */
  readonly logical: string | null;
}

/**
 * What puts something else in the place of a value. Its functions throw `filter-failed` for what they cannot handle, with
 * a message that holds no content; they return null for a value that is to stay as it is.
 */
export interface FieldAction {
  /** As in the options, for messages. */
  readonly name: string;
  /**
   * Called before each record, and with nothing awaited in between, where the result depends on where the record is and
   * not on the value alone.
   */
  begin?(record: KafkaRecord): void;
  text(value: string): string | null;
  /** Does the same where ASCII becomes ASCII of the same length, without a string being made; absent in other cases. */
  readonly ascii?: ((bytes: Uint8Array, start: number, end: number, patch: Patch) => void) | undefined;
  /**
   * Asked before `text`: whether the field with this text goes instead. What cannot drop fields there does not ask; `text`
   * then fails.
   */
  drops?(value: string): boolean;
  /** For a place where the schema wants a number, in decimal digits; absent where the action makes no numbers. */
  number?(decimal: string, shape: NumberShape): string | null;
  /** For bytes that are no text; absent where the action makes none. */
  bytes?(value: Uint8Array): Uint8Array | null;
  /**
   * For JSON, whose values have spellings. Where absent, strings, numbers and booleans go through `text` and become strings,
   * null stays, and an object or array fails.
   */
  readonly json?: JsonChange;
}

/** Appends what stands in the place of the JSON value spelt from `start` to `end`; false for one that is to stay. */
export type JsonChange = (bytes: Uint8Array, start: number, end: number, patch: Patch) => boolean;

/** What happens to a chosen field: it goes, the same JSON value stands in the place of each, or an action decides. */
export type FieldChange =
  | { readonly kind: "drop" }
  | { readonly kind: "replace"; readonly value: unknown }
  | { readonly kind: "act"; readonly action: FieldAction };

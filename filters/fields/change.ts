/** What is done with a chosen field, in words that every format understands. */

import type { KafkaRecord } from "../../src/mod.ts";

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
  /** Called before each record, where the result depends on where the record is and not on the value alone. */
  begin?(record: KafkaRecord): void;
  text(value: string): string | null;
  /** For a place where the schema wants a number, in decimal digits; absent where the action makes no numbers. */
  number?(decimal: string, shape: NumberShape): string | null;
  /** For bytes that are no text; absent where the action makes none. */
  bytes?(value: Uint8Array): Uint8Array | null;
}

/** What happens to a chosen field: it goes, the same JSON value stands in the place of each, or an action decides. */
export type FieldChange =
  | { readonly kind: "drop" }
  | { readonly kind: "replace"; readonly value: unknown }
  | { readonly kind: "act"; readonly action: FieldAction };

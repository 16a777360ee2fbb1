/** The contract between strait and a filter. Filter authors import it from `strait` (src/mod.ts). */

import type { Static, TSchema } from "typebox";
import type { KafkaRecord, RecordHeader } from "./record.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

/** Leave the record as it is, to the byte. */
export interface Keep {
  readonly verb: "keep";
}

/** Do not copy the record. It is counted. */
export interface Drop {
  readonly verb: "drop";
}

/** Copy the record with other content. Parts that are absent stay as they are, to the byte. */
export interface Replace {
  readonly verb: "replace";
  readonly key?: Uint8Array | null;
  readonly value?: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** What was changed, as paths for the evidence (`$.customer.email`): configured names, never content. */
  readonly changed: readonly string[];
}

export type FilterResult = Keep | Drop | Replace;

export const keep: Keep = { verb: "keep" };
export const drop: Drop = { verb: "drop" };

/** Makes a `Replace`. `changed` names what was changed, for the evidence. */
export function replace(
  parts: { key?: Uint8Array | null; value?: Uint8Array | null; headers?: readonly RecordHeader[] },
  changed: readonly string[] = [],
): Replace {
  return { verb: "replace", ...parts, changed };
}

/**
 * A filter at work on the partitions of one mapping.
 *
 * `apply` is called once per record, in the order of the partition, one record of a partition at a time; after a restart
 * or a retry the same record may come again, so the answer must depend on the record alone. It may return a promise. The
 * bytes of the record may be kept, never written to; the bytes returned must not be written to afterwards.
 * Throwing (or rejecting, or not answering in time) hands the record to the mapping's failure policy: the partition stops
 * or the record is quarantined at the source. It never crosses unfiltered. Error messages must not contain content.
 */
export interface RecordFilter {
  apply(record: KafkaRecord): FilterResult | Promise<FilterResult>;
  /** Called once when the mapping stops or changes. */
  close?(): void | Promise<void>;
}

/** What a filter may know of its surroundings. */
export interface FilterContext {
  readonly link: string;
  readonly mapping: string;
  /** The source topic, and the topic its records go to. */
  readonly topic: string;
  readonly destinationTopic: string;
  /** The schema registries of the two clusters; null for a cluster without one. */
  readonly registries: { readonly source: SchemaRegistry | null; readonly destination: SchemaRegistry | null };
  /** What strait's own filters of one mapping tell each other; absent where a filter is alone. */
  readonly shared?: Map<string, unknown>;
  /** Whether the filter only looks on: what it answers is counted and not done. Default false. */
  readonly monitor?: boolean;
  /**
   * Reads a file that the options name, such as a schema: only from the directories filters may come from. Rejects with
   * `filter-invalid` where there is none.
   */
  file(path: string): Promise<Uint8Array>;
  /** Resolves a `${env:NAME}` or `${file:PATH}` reference. Rejects with `secret-unavailable` where there is none. */
  secret(reference: string): Promise<string>;
}

/** A mistake in a filter's options that its schema cannot express. */
export interface OptionProblem {
  /** JSON Pointer into the options, "" for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A kind of filter: its name, what its options look like, and how one is made. */
export interface FilterDefinition<Options extends TSchema = TSchema> {
  /** Lower case and dashes; shown in the catalogue, the evidence and quarantine headers. */
  readonly name: string;
  /** One sentence for somebody choosing a filter. */
  readonly description: string;
  /** TypeBox (JSON) schema of the options. Options are validated against it before `check` and `create`. */
  readonly options: Options;
  /** Finds mistakes the schema cannot express. Must not resolve secrets or do I/O. */
  check?(options: Static<Options>): readonly OptionProblem[];
  /**
   * Whether the filter may give a record another key. Compaction keeps the last record of each key, so where a compacted
   * topic is mirrored such a filter is refused. Absent: it never does.
   */
  changesKey?(options: Static<Options>): boolean;
  create(options: Static<Options>, context: FilterContext): RecordFilter | Promise<RecordFilter>;
}

/** Defines a filter; the options' type follows from the schema. A user's file exports the result as default. */
export function defineFilter<Options extends TSchema>(
  definition: FilterDefinition<Options>,
): FilterDefinition<Options> {
  return definition;
}

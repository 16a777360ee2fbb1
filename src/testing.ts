/** For the tests of filters: runs one on a record as strait would. Imported as `strait/testing`. */

import type { Static, TSchema } from "typebox";
import { checkFilterOptions } from "./config/filter-options.ts";
import { refuse } from "./config/invalid-configuration.ts";
import { StraitError } from "./model/errors.ts";
import type { FilterContext, FilterDefinition } from "./model/filter.ts";
import type { KafkaRecord, RecordHeader } from "./model/record.ts";
import { problemOf, replaced } from "./runner/filter-answer.ts";

/** Text stands for its UTF-8 bytes. */
export type Bytes = string | Uint8Array | null;

/** A record to try a filter on. What is left out is null, none, or a fixed value. */
export interface TriedRecord {
  readonly key?: Bytes;
  readonly value?: Bytes;
  readonly headers?: readonly { readonly name: string; readonly value: Bytes }[];
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  /** Milliseconds since the epoch. */
  readonly timestamp?: number;
}

export interface TrySurroundings<Options> {
  /** As a mapping would give them. Default: none. */
  readonly options?: Options;
  /** What `context.secret` answers, by reference (`${env:NAME}`). */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What `context.file` answers, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly registries?: Partial<FilterContext["registries"]>;
}

/** What a filter made of a record. Content is text where it is UTF-8, else bytes; of a dropped record it is as it was. */
export interface Tried {
  readonly verb: "keep" | "replace" | "drop";
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers: readonly { readonly name: string; readonly value: Bytes }[];
  /** What the filter says it changed. */
  readonly changed: readonly string[];
}

/**
 * Checks the options, makes the filter, applies it to one record and closes it. Rejects with `configuration` for wrong
 * options, and with whatever the filter throws: that is how a record is handed to `onFailure`.
 */
export async function tryFilter<Options extends TSchema>(
  definition: FilterDefinition<Options>,
  record: TriedRecord,
  surroundings: TrySurroundings<Static<Options>> = {},
): Promise<Tried> {
  const options = (surroundings.options ?? {}) as Static<Options>;
  refuse(checkFilterOptions(definition as unknown as FilterDefinition, options));
  const given = kafkaRecord(record);
  const filter = await definition.create(options, contextOf(given.topic, surroundings));
  try {
    const result = await filter.apply(given);
    const problem = problemOf(result);
    if (problem !== null) throw new StraitError("filter-failed", problem);
    const { key, value, headers } = result.verb === "replace" ? replaced(given, result) : given;
    return {
      verb: result.verb,
      key: shown(key),
      value: shown(value),
      headers: headers.map((header) => ({ name: header.name, value: shown(header.value) })),
      changed: result.verb === "replace" ? result.changed : [],
    };
  } finally {
    await filter.close?.();
  }
}

function kafkaRecord(record: TriedRecord): KafkaRecord {
  const { topic = "orders", partition = 0, offset = 0, timestamp = 0, key = null, value = null, headers = [] } = record;
  const all = headers.map((header): RecordHeader => ({ name: header.name, value: bytesOf(header.value) }));
  return { topic, partition, offset, timestamp, key: bytesOf(key), value: bytesOf(value), headers: all };
}

function contextOf(topic: string, surroundings: TrySurroundings<unknown>): FilterContext {
  const { secrets = {}, files = {}, registries = {} } = surroundings;
  return {
    link: "test",
    mapping: "test",
    topic,
    destinationTopic: topic,
    registries: { source: null, destination: null, ...registries },
    async file(path) {
      const content = files[path];
      if (content === undefined) throw new StraitError("filter-invalid", `the test gives no file ${path}`);
      return bytesOf(content);
    },
    async secret(reference) {
      const value = secrets[reference];
      if (value === undefined) throw new StraitError("secret-unavailable", `the test gives no secret ${reference}`);
      return value;
    },
  };
}

function bytesOf(content: string | Uint8Array): Uint8Array;
function bytesOf(content: Bytes): Uint8Array | null;
function bytesOf(content: Bytes): Uint8Array | null {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function shown(bytes: Uint8Array | null): Bytes {
  if (bytes === null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes; // no text: the test looks at the bytes
  }
}

/** Runs a filter on one value as strait does: options checked, then created, then applied. */

import {
  type FilterContext,
  type FilterDefinition,
  type FilterResult,
  type KafkaRecord,
  type RecordFilter,
  type RecordHeader,
  StraitError,
} from "../../src/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function recordWith(value: Uint8Array | string | null, headers: readonly RecordHeader[] = []): KafkaRecord {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return { topic: "orders", partition: 3, offset: 17, timestamp: 1, key: null, value: bytes, headers };
}

export function keyed(key: Uint8Array | string): KafkaRecord {
  return { ...recordWith(null), key: typeof key === "string" ? encoder.encode(key) : key };
}

/** What filters know of their surroundings: secrets by their reference, files by their path. */
export function contextWith(
  secrets: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, Uint8Array | string>> = {},
): FilterContext {
  return {
    link: "eu-to-us",
    mapping: "orders",
    topic: "orders",
    destinationTopic: "eu.orders",
    registries: { source: null, destination: null },
    async file(path) {
      const content = files[path];
      if (content === undefined) throw new StraitError("filter-invalid", `there is no file ${path}`);
      return typeof content === "string" ? encoder.encode(content) : content;
    },
    secret: async (reference) => secrets[reference] ?? "",
  };
}

/** A filter at work. */
export async function createFilter(
  definition: FilterDefinition,
  options: unknown,
  secrets: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<RecordFilter> {
  const problems = definition.check?.(options) ?? [];
  if (problems.length > 0) throw new Error(`options are wrong: ${JSON.stringify(problems)}`);
  return definition.create(options, contextWith(secrets, files));
}

/** What a filter makes of a value: its text if it is kept or replaced, null if the record is dropped. */
export async function textAfter(filter: RecordFilter, value: Uint8Array | string): Promise<string | null> {
  const record = recordWith(value);
  const result = await filter.apply(record);
  if (result.verb === "drop") return null;
  const bytes = valueAfter(record, result);
  return bytes === null ? null : decoder.decode(bytes);
}

export function valueAfter(record: KafkaRecord, result: FilterResult): Uint8Array | null {
  return result.verb === "replace" && result.value !== undefined ? result.value : record.value;
}

/** Filters between two registries, and records framed for them. */

import { createSchemaRegistry } from "../../../plugins/schema-registry/schema-registry.ts";
import type {
  FilterContext,
  FilterDefinition,
  FilterResult,
  KafkaRecord,
  RecordFilter,
  RecordHeader,
} from "../../../src/mod.ts";
import { StandInRegistry } from "../../support/schema-registry.ts";
import { contextWith } from "../apply-filter.ts";

/** Long enough for some retries on loopback. */
const TIMEOUT_MS = 1000;

export interface Registries extends AsyncDisposable {
  readonly source: StandInRegistry;
  readonly destination: StandInRegistry;
}

/** Two registries that give the same schema different ids. */
export function twoRegistries(): Registries {
  const source = new StandInRegistry({ firstId: 7 });
  const destination = new StandInRegistry({ firstId: 70_000 });
  return {
    source,
    destination,
    async [Symbol.asyncDispose]() {
      await Promise.all([source.stop(), destination.stop()]);
    },
  };
}

/** From `orders` to `eu.orders`, if nothing else is said. */
export function contextBetween(
  source: StandInRegistry | null,
  destination: StandInRegistry | null,
  changes: Partial<FilterContext> = {},
): FilterContext {
  const client = (registry: StandInRegistry | null) =>
    registry === null
      ? null
      : createSchemaRegistry({ url: registry.url }, { secret: async () => "", timeoutMs: TIMEOUT_MS });
  const registries = { source: client(source), destination: client(destination) };
  return { ...contextWith({ "${env:KEY}": "a key" }), registries, ...changes };
}

/** A filter at work, its options checked. */
export async function filterWith(
  definition: FilterDefinition,
  options: unknown,
  context: FilterContext,
): Promise<RecordFilter> {
  const problems = definition.check?.(options) ?? [];
  if (problems.length > 0) throw new Error(`options are wrong: ${JSON.stringify(problems)}`);
  return definition.create(options, context);
}

export function frameOf(id: number, ...rest: readonly Uint8Array[]): Uint8Array {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return bytesOf(prefix, ...rest);
}

export function guidFrame(guid: string): Uint8Array {
  return bytesOf(Uint8Array.of(1), Buffer.from(guid.replaceAll("-", ""), "hex"));
}

export function bytesOf(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function recordOf(
  parts: { readonly key?: Uint8Array; readonly value?: Uint8Array },
  headers: readonly RecordHeader[] = [],
): KafkaRecord {
  const { key = null, value = null } = parts;
  return { topic: "orders", partition: 0, offset: 5, timestamp: 1, key, value, headers };
}

/** The value after the filter. Throws for a record that is dropped. */
export async function valueAfter(filter: RecordFilter, value: Uint8Array): Promise<Uint8Array> {
  return changed({ value }, await filter.apply(recordOf({ value })));
}

export function changed({ value }: { readonly value: Uint8Array }, result: FilterResult): Uint8Array {
  if (result.verb === "drop") throw new Error("the record was dropped");
  return (result.verb === "replace" ? result.value : undefined) ?? value;
}

export function idIn(value: Uint8Array): number {
  return Buffer.from(value).readUInt32BE(1);
}

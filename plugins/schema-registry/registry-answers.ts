/** Reads what a schema registry answers. What is not as its API has it is no registry's answer: `schema-unavailable`. */

import {
  type RegisteredSchema,
  type Schema,
  type SchemaReference,
  type SchemaType,
  StraitError,
} from "../../src/mod.ts";
import { inFewWords } from "./refusal.ts";

const TYPES: readonly string[] = ["AVRO", "JSON", "PROTOBUF"] satisfies readonly SchemaType[];

/** A schema, with its references. Throws `filter-failed` for a type of schema that strait does not know. */
export function readSchema(url: string, path: string, answer: unknown): Schema {
  const { schema: text, schemaType: type = "AVRO", references, metadata } = object(url, path, answer);
  if (typeof text !== "string" || typeof type !== "string") throw misfit(url, path);
  if (!TYPES.includes(type)) {
    throw new StraitError(
      "filter-failed",
      `${url}${path} is a schema of the type ${inFewWords(type)}, unknown to strait`,
    );
  }
  const tags = tagsOf(metadata);
  return {
    type: type as SchemaType,
    text,
    references: list(url, path, references ?? []).map((reference) => readReference(url, path, reference)),
    ...(tags.length === 0 ? {} : { outsideTags: tags }),
  };
}

export function readSubjects(url: string, path: string, answer: unknown): readonly string[] {
  return list(url, path, answer).map((subject) => {
    if (typeof subject !== "string") throw misfit(url, path);
    return subject;
  });
}

/** The number that belongs to a UUID: in the default context where it has one there. */
export function readId(url: string, path: string, answer: unknown): number {
  const found = list(url, path, answer).map((entry) => object(url, path, entry));
  const [{ id } = {}] = [...found.filter(({ context }) => context === "."), ...found];
  if (found.length === 0) throw new StraitError("filter-failed", `the schema registry at ${url} has no schema ${path}`);
  return number(url, path, id);
}

/** A registered schema; null for an answer without the version, unless it must have one. */
export function readRegistered(url: string, path: string, answer: unknown, whole: true): RegisteredSchema;
export function readRegistered(url: string, path: string, answer: unknown): RegisteredSchema | null;
export function readRegistered(url: string, path: string, answer: unknown, whole = false): RegisteredSchema | null {
  const { id, version, guid } = object(url, path, answer);
  if (version === undefined && !whole) return null;
  return {
    id: number(url, path, id),
    version: number(url, path, version),
    guid: typeof guid === "string" ? guid.toLowerCase() : null,
  };
}

function readReference(url: string, path: string, reference: unknown): SchemaReference {
  const { name, subject, version } = object(url, path, reference);
  if (typeof name !== "string" || typeof subject !== "string") throw misfit(url, path);
  return { name, subject, version: number(url, path, version) };
}

/** `metadata.tags` maps paths into the schema to lists of tags. */
function tagsOf(metadata: unknown): string[] {
  const tags = (metadata as { tags?: unknown } | null | undefined)?.tags;
  if (typeof tags !== "object" || tags === null) return [];
  return [...new Set(Object.values(tags).flat().map(String))];
}

function object(url: string, path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw misfit(url, path);
  return value as Record<string, unknown>;
}

function list(url: string, path: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw misfit(url, path);
  return value;
}

function number(url: string, path: string, value: unknown): number {
  if (!Number.isSafeInteger(value)) throw misfit(url, path);
  return value as number;
}

function misfit(url: string, path: string): StraitError {
  return new StraitError(
    "schema-unavailable",
    `${url}${path} does not answer as a schema registry does; check the URL`,
    {
      retriable: true,
    },
  );
}

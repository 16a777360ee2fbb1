/**
 * Random Avro schemas, in a model of their own: what the tests expect does not rest on the reader they test. Every field has
 * a doc that names it and every text in a default names its field, so that one can see whose they are.
 */

import fc from "fast-check";
import { canonicalDatum, type Datum, defaultJson } from "./datum.ts";

export type Scalar = "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string";

export type Spec =
  | { readonly kind: Scalar; readonly logical?: string }
  | { readonly kind: "fixed"; readonly name: string; readonly size: number }
  | { readonly kind: "enum"; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: "array"; readonly items: Spec }
  | { readonly kind: "map"; readonly values: Spec }
  | { readonly kind: "union"; readonly branches: readonly Spec[] }
  | RecordSpec;

export interface RecordSpec {
  readonly kind: "record";
  readonly name: string;
  readonly fields: FieldSpec[];
}

export interface FieldSpec {
  readonly name: string;
  readonly spec: Spec;
  readonly tags: readonly string[];
  readonly fallback: Datum | null;
}

export const FIELD_NAMES = ["a", "b", "c", "email", "name"];
export const TAGS = ["PII", "SECRET"];

/** The random choices of one property run (fast-check's `gen`), so that they shrink. */
export type Gen = fc.GeneratorValue;

/** One of a list. By its index: fast-check remembers what it is asked, and would copy recursive types without end. */
export function pick<T>(gen: Gen, list: readonly T[]): T {
  return list[gen(fc.nat, { max: list.length - 1 })]!;
}

const SCALARS: readonly Spec[] = [
  { kind: "null" },
  { kind: "boolean" },
  { kind: "int" },
  { kind: "int", logical: "date" },
  { kind: "long" },
  { kind: "long", logical: "timestamp-millis" },
  { kind: "float" },
  { kind: "double" },
  { kind: "bytes" },
  { kind: "string" },
  { kind: "string" },
  { kind: "string", logical: "uuid" },
];

export function randomSchema(gen: Gen): RecordSpec {
  return new SchemaMaker(gen).record(0);
}

class SchemaMaker {
  readonly #gen: Gen;
  readonly #named: Spec[] = [];
  readonly #open: RecordSpec[] = [];
  readonly #namespaces: readonly string[];
  #count = 0;

  constructor(gen: Gen) {
    this.#gen = gen;
    // Not both: inside of a namespace avsc finds no types that have none.
    this.#namespaces = gen(fc.boolean) ? ["eu.example", "eu.example.deep"] : [""];
  }

  record(depth: number): RecordSpec {
    const record: RecordSpec = { kind: "record", name: this.#name("Rec"), fields: [] };
    this.#open.push(record);
    const names = this.#gen(fc.subarray, FIELD_NAMES, { minLength: depth === 0 ? 1 : 0 });
    for (const name of names) {
      const spec = this.#spec(depth + 1);
      const tags = this.#gen(fc.subarray, TAGS);
      const hasDefault = this.#gen(fc.boolean) && !holds(spec, this.#open);
      const fallback = hasDefault ? canonicalDatum(this.#gen, spec, `${record.name}/${name}`) : null;
      record.fields.push({ name, spec, tags: this.#gen(fc.nat, { max: 3 }) === 0 ? tags : [], fallback });
    }
    this.#open.pop();
    this.#named.push(record);
    return record;
  }

  #spec(depth: number): Spec {
    const roll = this.#gen(fc.nat, { max: 13 });
    if (roll < 2 && this.#named.length > 0) return pick(this.#gen, this.#named);
    if (depth < 4) {
      if (roll === 3) return this.#composite("array", depth);
      if (roll === 4) return this.#composite("map", depth);
      if (roll === 5 || roll === 6) return this.record(depth);
      if (roll === 7 || roll === 8) return this.#union(depth);
    }
    if (roll === 9) return this.#define({ kind: "enum", name: this.#name("Enum"), symbols: ["RED", "GREEN", "BLUE"] });
    if (roll === 10)
      return this.#define({ kind: "fixed", name: this.#name("Fix"), size: this.#gen(fc.integer, { min: 1, max: 9 }) });
    return pick(this.#gen, SCALARS);
  }

  #composite(kind: "array" | "map", depth: number): Spec {
    const roll = this.#gen(fc.nat, { max: 5 });
    const inner = roll === 0 ? this.#self() : roll < 3 ? this.#union(depth + 1) : this.#spec(depth + 1);
    return kind === "array" ? { kind, items: inner } : { kind, values: inner };
  }

  #union(depth: number): Spec {
    const branches: Spec[] = [];
    const count = this.#gen(fc.integer, { min: 1, max: 4 });
    if (this.#gen(fc.boolean)) branches.push({ kind: "null" });
    if (depth < 4 && this.#gen(fc.boolean)) branches.push(this.record(depth + 1));
    for (let i = 0; i < count; i++) {
      const branch = this.#gen(fc.nat, { max: 3 }) === 0 && branches.length > 0 ? this.#self() : this.#spec(depth + 1);
      if (branch.kind !== "union" && branches.every((other) => branchKey(other) !== branchKey(branch)))
        branches.push(branch);
    }
    return branches.length > 0 ? { kind: "union", branches } : { kind: "string" };
  }

  #self(): Spec {
    return pick(this.#gen, this.#open);
  }

  #define(spec: Spec): Spec {
    this.#named.push(spec);
    return spec;
  }

  #name(prefix: string): string {
    const namespace = pick(this.#gen, this.#namespaces);
    const name = `${prefix}${this.#count++}`;
    return namespace === "" ? name : `${namespace}.${name}`;
  }
}

function branchKey(spec: Spec): string {
  return "name" in spec ? spec.name : spec.kind;
}

/** Whether a value may need one of these records, of which the fields are not known yet. */
function holds(spec: Spec, records: readonly RecordSpec[], seen = new Set<Spec>()): boolean {
  if (seen.has(spec)) return false;
  seen.add(spec);
  switch (spec.kind) {
    case "record":
      return records.includes(spec) || spec.fields.some((field) => holds(field.spec, records, seen));
    case "array":
      return holds(spec.items, records, seen);
    case "map":
      return holds(spec.values, records, seen);
    case "union":
      return spec.branches.some((branch) => holds(branch, records, seen));
    default:
      return false;
  }
}

/** The schema as JSON: a named type is defined where it comes first. */
export function schemaJson(spec: Spec, defined = new Set<string>()): unknown {
  if ("name" in spec && defined.has(spec.name)) return spec.name;
  if ("name" in spec) defined.add(spec.name);
  switch (spec.kind) {
    case "fixed":
      return { type: "fixed", ...nameParts(spec.name), size: spec.size };
    case "enum":
      return { type: "enum", ...nameParts(spec.name), symbols: spec.symbols };
    case "array":
      return { type: "array", items: schemaJson(spec.items, defined) };
    case "map":
      return { type: "map", values: schemaJson(spec.values, defined) };
    case "union":
      return spec.branches.map((branch) => schemaJson(branch, defined));
    case "record":
      return {
        type: "record",
        ...nameParts(spec.name),
        doc: `record ${spec.name}`,
        fields: spec.fields.map(({ name, spec: inner, tags, fallback }) => ({
          name,
          type: schemaJson(inner, defined),
          doc: `‹${spec.name}/${name}›`,
          ...(fallback === null ? {} : { default: defaultJson(fallback) }),
          ...(tags.length === 0 ? {} : { "confluent:tags": tags }),
        })),
      };
    default:
      return spec.logical === undefined ? spec.kind : { type: spec.kind, logicalType: spec.logical };
  }
}

function nameParts(fullName: string): { readonly name: string; readonly namespace: string } {
  const dot = fullName.lastIndexOf(".");
  return { name: fullName.slice(dot + 1), namespace: fullName.slice(0, Math.max(dot, 0)) };
}

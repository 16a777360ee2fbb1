/** Changes that look at values: which types they can be applied to, and what happens there. */

import { StraitError } from "../../src/mod.ts";
import type { FieldAction } from "../fields/change.ts";
import { encodeValue } from "./encode.ts";
import { type Fate, STAYS } from "./fates.ts";
import type { AvroType } from "./model.ts";

/** A part of a schema in which one change is made, wherever it can be. */
export interface ActScope {
  readonly rule: number;
  readonly label: string;
  readonly change:
    | { readonly kind: "replace"; readonly value: unknown }
    | { readonly kind: "act"; readonly action: FieldAction };
  /**
   * The value itself in any branch of a union; all scalars below, and the keys of maps, for a field that was chosen by a tag
   * (nobody can name what is in it); or the texts below, and the keys of maps.
   */
  readonly reach: "value" | "below" | "texts";
}

/** The fate of a scalar in a scope; throws `filter-invalid` where the change cannot be made to such a type. */
export function scalarFate(type: AvroType, scope: ActScope, path: string): Fate {
  const { rule, change, reach } = scope;
  if (type.kind === "null" || (reach === "texts" && type.kind !== "string")) return STAYS;
  if (change.kind === "replace")
    return {
      kind: "constant",
      rule,
      bytes: fittingBytes(type, change.value, scope.label, path),
      always: true,
      whole: null,
    };
  const { action } = change;
  const why = whyNot(type, action);
  if (why === null) return { kind: "acted", rule, action, type };
  return cannot(action.name, scope.label, path, `${why}; drop or replace it`);
}

/** The encoded value for a place; throws `filter-invalid` where it does not fit the type. */
export function fittingBytes(type: AvroType, value: unknown, label: string, path: string): Uint8Array {
  return (
    encodeValue(type, value) ?? cannot("replace", label, path, `the value does not fit the type (${nameOf(type)})`)
  );
}

/** Throws `filter-invalid`. */
export function cannot(action: string, label: string, path: string, why: string): never {
  const where = label === path ? path : `${label} at ${path}`;
  throw new StraitError("filter-invalid", `cannot ${action} ${where} by the Avro schema: ${why}`);
}

/** A type for people: `an int (date)`, `a record com.example.Order`. */
export function aNameOf(type: AvroType): string {
  const name = nameOf(type);
  return `${/^[aei]/.test(name) ? "an" : "a"} ${name}`;
}

function nameOf(type: AvroType): string {
  if ("fullName" in type) return `${type.kind} ${type.fullName}`;
  return "logical" in type && type.logical !== null ? `${type.kind} (${type.logical})` : type.kind;
}

/** What keeps an action from being applied to values of a type; null for nothing. */
function whyNot(type: AvroType, action: FieldAction): string | null {
  switch (type.kind) {
    case "string":
      return null;
    case "bytes":
    case "fixed":
      if (type.logical === "decimal" || type.logical === "big-decimal") return "it holds a decimal number in bytes";
      return action.bytes === undefined ? `it holds bytes (${nameOf(type)}), of which this action makes none` : null;
    case "int":
    case "long":
    case "float":
    case "double":
      return action.number === undefined
        ? `it holds a number (${nameOf(type)}), of which this action makes none`
        : null;
    default:
      return `it holds ${aNameOf(type)}`;
  }
}

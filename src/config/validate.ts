/** Checks input against a schema and says every mistake in words an operator can act on. */

import type { DefinedError, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Static, TSchema } from "typebox";
import { type FieldError, InvalidConfiguration } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import { suggestion } from "./nearest-name.ts";

export type Validation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Compiled schemas. A cache and nothing else: the same schema always compiles to the same function. */
const compiled = new WeakMap<object, ValidateFunction>();

/**
 * The input, typed, or all its mistakes. The input is not changed and defaults are not filled in. Messages name fields
 * and what is expected of them, never the value found. Throws if the schema itself is invalid.
 */
export function validate<Schema extends TSchema>(schema: Schema, input: unknown): Validation<Static<Schema>> {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = compileSchema(schema);
    compiled.set(schema, check);
  }
  if (check(input)) return { ok: true, value: input as Static<Schema> };
  return { ok: false, errors: inWords((check.errors ?? []) as SchemaError[]) };
}

/** Like {@link validate}, throwing {@link InvalidConfiguration} for what is invalid. */
export function validated<Schema extends TSchema>(schema: Schema, input: unknown): Static<Schema> {
  const result = validate(schema, input);
  if (!result.ok) throw new InvalidConfiguration(result.errors);
  return result.value;
}

/** One instance per schema, so that a user's schema with an `$id` cannot collide with another. */
function compileSchema(schema: TSchema): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictTuples: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

/** Every keyword's error carries the schema it is about and the value found (ajv's option `verbose`). */
type SchemaError = DefinedError & { parentSchema?: JsonSchema; data?: unknown };

interface JsonSchema {
  readonly const?: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function inWords(all: readonly SchemaError[]): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const error of withoutOtherAlternatives(all)) {
    const found = describe(error);
    const key = JSON.stringify(found);
    if (!seen.has(key)) errors.push(found);
    seen.add(key);
  }
  return errors;
}

/**
 * ajv reports the mistakes against every alternative of an `anyOf`. Keeps those of the alternative that was meant, or
 * only the `anyOf` itself where that cannot be told. Outer alternatives are decided before the ones inside them.
 */
function withoutOtherAlternatives(all: readonly SchemaError[]): SchemaError[] {
  let kept = [...all];
  const choices = all
    .filter((error) => error.keyword === "anyOf")
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  for (const choice of choices) {
    if (!kept.includes(choice)) continue;
    const meant = meantAlternative(choice.data, choice.parentSchema?.anyOf ?? []);
    kept = kept.filter((error) => {
      if (error === choice) return meant === null;
      const inside = error.schemaPath.startsWith(`${choice.schemaPath}/`) && isAtOrBelow(error, choice);
      return !inside || (meant !== null && error.schemaPath.startsWith(`${choice.schemaPath}/${meant}/`));
    });
  }
  return kept;
}

function isAtOrBelow(error: SchemaError, outer: SchemaError): boolean {
  return error.instancePath === outer.instancePath || error.instancePath.startsWith(`${outer.instancePath}/`);
}

/** The index of the object shape that shares the most fields with the data, told apart first by constant fields. */
function meantAlternative(data: unknown, alternatives: readonly JsonSchema[]): number | null {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  const given = data as Record<string, unknown>;
  let best: number | null = null;
  let bestScore = -1;
  for (const [index, { properties, type }] of alternatives.entries()) {
    if (type !== "object" || properties === undefined) continue;
    let score = 0;
    for (const [field, { const: expected }] of Object.entries(properties)) {
      if (!Object.hasOwn(given, field)) continue;
      score += expected === undefined ? 1 : expected === given[field] ? 1000 : -1000;
    }
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  }
  return best;
}

function describe(error: SchemaError): FieldError {
  const path = error.instancePath;
  switch (error.keyword) {
    case "required":
      return { path: path + jsonPointer(error.params.missingProperty), message: "is required" };
    case "additionalProperties": {
      const name = error.params.additionalProperty;
      const properties = Object.entries(error.parentSchema?.properties ?? {});
      const known = properties.filter(([, { readOnly }]) => readOnly !== true).map(([field]) => field);
      const hint = suggestion(name, known) || (known.length > 0 ? `; known fields are ${known.join(", ")}` : "");
      return { path: path + jsonPointer(name), message: `unknown field \`${name}\`${hint}` };
    }
    case "anyOf":
      return { path, message: anyOfMessage(error) };
    case "const":
      return { path, message: `must be ${JSON.stringify(error.params.allowedValue)}` };
    case "enum":
      return { path, message: `must be one of ${error.params.allowedValues.map((v) => JSON.stringify(v)).join(", ")}` };
    case "type":
      return { path, message: `must be ${withArticle(String(error.params.type))}` };
    case "pattern": {
      const description = error.parentSchema?.description;
      return { path, message: `must match ${error.params.pattern}${description ? ` (${description})` : ""}` };
    }
    case "minLength":
      return { path, message: error.params.limit === 1 ? "must not be empty" : (error.message ?? "is too short") };
    case "format":
      return { path, message: `must be a ${error.params.format} (RFC 3339, as 2026-11-22T00:00:00Z)` };
    default:
      return { path, message: error.message ?? `breaks the rule ${error.keyword}` };
  }
}

function anyOfMessage(error: SchemaError): string {
  const words = (error.parentSchema?.anyOf ?? []).map((alternative) => {
    if (alternative.const !== undefined) return JSON.stringify(alternative.const);
    const fields = Object.keys(alternative.properties ?? {});
    return fields.length > 0 ? `{ ${fields.join(", ")} }` : withArticle(alternative.type ?? "value");
  });
  const constants = (error.parentSchema?.anyOf ?? []).flatMap(({ const: value }) =>
    typeof value === "string" ? [value] : [],
  );
  const hint = typeof error.data === "string" ? suggestion(error.data, constants) : "";
  return `must be one of ${words.join(", ")}${hint}`;
}

function withArticle(type: string): string {
  if (type === "null") return "null";
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

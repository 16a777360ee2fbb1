/** Short ways to compile a selection for a schema, and to spell data. */

import { type CompiledAvro, compileAvro } from "../../../filters/avro/compile.ts";
import { readAvroSchema } from "../../../filters/avro/schema.ts";
import type { FieldAction, FieldChange } from "../../../filters/fields/change.ts";
import { parsePath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { StraitError } from "../../../src/mod.ts";
import { ACTION } from "./random-selection.ts";

export type Drops = "reduce" | "blank";

export const DROP: FieldChange = { kind: "drop" };
export const SCRAMBLE: FieldChange = { kind: "act", action: ACTION };
/** An action for texts only. */
export const SHOUT: FieldChange = { kind: "act", action: { name: "shout", text: (value) => value.toUpperCase() } };

export function replaceBy(value: unknown): FieldChange {
  return { kind: "replace", value };
}

export function actBy(action: Omit<FieldAction, "name" | "text">): FieldChange {
  return { kind: "act", action: { name: "test", text: (value) => value, ...action } };
}

/** `#PII` for a tag, anything else is a path. */
export function fields(changes: Readonly<Record<string, FieldChange>>): Selection {
  const rules = Object.entries(changes).map(([label, change]) => ({
    choice: label.startsWith("#") ? { tags: [label.slice(1)] } : { path: parsePath(label) },
    change,
    label,
  }));
  return { form: "fields", rules };
}

export function keep(...paths: string[]): Selection {
  return { form: "keep", paths: paths.map((path) => parsePath(path)), label: "(not listed)" };
}

export function compiled(
  schema: unknown,
  selection: Selection,
  drops: Drops = "reduce",
  references: readonly unknown[] = [],
): CompiledAvro {
  return compileAvro(readAvroSchema(JSON.stringify(schema), references), selection, { drops });
}

export function record(name: string, members: Readonly<Record<string, unknown>>, more: object = {}): object {
  const list = Object.entries(members).map(([field, type]) => ({ name: field, type }));
  return { type: "record", name, ...more, fields: list };
}

/** The message of a `StraitError` with this code; anything else is thrown on. */
export function failureOf(code: string, attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StraitError && error.code === code) return error.message;
    throw error;
  }
  throw new Error(`no ${code}`);
}

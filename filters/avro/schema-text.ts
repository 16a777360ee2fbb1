/** Schemas as JSON text, without losing what JavaScript's numbers cannot hold (a default of 9223372036854775807). */

import { StraitError } from "../../src/mod.ts";

/** A number by its digits. JSON.stringify spells it as it was. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** TypeScript 7.0 does not know these parts of ECMAScript 2026 ("JSON.parse source text access"). */
interface JsonWithSource {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(text: string, reviver: (name: string, value: unknown, context: { source?: string }) => unknown): unknown;
}

/** As JSON texts only `null`, `true` and `false` look like this, and none of them is a schema. */
const BARE_NAME = /^[\p{L}_][\p{L}\p{Nd}_.]*$/u;

/**
 * Parses a schema's text; anything that is no text is what it is. Integers beyond 2^53 become an `ExactNumber`. Throws
 * `filter-invalid` for what is not JSON. A bare name (`string`) is a
 * schema, too.
 */
export function parseSchemaText(schema: unknown): unknown {
  if (typeof schema !== "string") return schema;
  if (BARE_NAME.test(schema)) return schema;
  const json = JSON as unknown as JsonWithSource;
  try {
    return json.parse(schema, (_name, value, { source }) =>
      source !== undefined && typeof value === "number" && /^-?[0-9]+$/.test(source) && !Number.isSafeInteger(value)
        ? json.rawJSON(source)
        : value,
    );
  } catch {
    // The parser's own words quote the text around the mistake, which may be a default.
    throw new StraitError("filter-invalid", "not an Avro schema: the text is not JSON");
  }
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return (JSON as unknown as JsonWithSource).isRawJSON(value);
}

/** librdkafka properties as connections read them. */

import { StraitError } from "../model/errors.ts";

/** By name; secrets are resolved already. */
export type Properties = Readonly<Record<string, string | undefined>>;

/** The value of a property. Throws `configuration` where it is missing. */
export function required(properties: Properties, property: string): string {
  const value = properties[property];
  if (value === undefined) throw unusable(property, "is missing");
  return value;
}

/** The `configuration` error for a property. The value is not in it: it may be a secret. */
export function unusable(property: string, problem: string, cause?: unknown): StraitError {
  return new StraitError("configuration", `cluster property ${property} ${problem}`, { cause });
}

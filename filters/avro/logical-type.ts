/** Avro's logical types: what a value stands for beyond its type. */

import type { JsonObject } from "./model.ts";

/** By the type they are allowed on: Avro 1.12, "Logical Types". */
const LOGICAL_TYPES: Readonly<Record<string, readonly string[]>> = {
  int: ["date", "time-millis"],
  long: [
    "time-micros",
    "timestamp-millis",
    "timestamp-micros",
    "timestamp-nanos",
    "local-timestamp-millis",
    "local-timestamp-micros",
    "local-timestamp-nanos",
  ],
  string: ["uuid"],
  bytes: ["decimal", "big-decimal"],
  fixed: ["decimal", "duration", "uuid"],
};

const FIXED_SIZES: Readonly<Record<string, number>> = { duration: 12, uuid: 16 };

/** The logical type of a schema, null where it has none or one that is not allowed there; `size` is that of a fixed. */
export function logicalTypeOf(kind: string, json: JsonObject, size: number): string | null {
  const logical = json["logicalType"];
  if (typeof logical !== "string" || LOGICAL_TYPES[kind]?.includes(logical) !== true) return null;
  if (kind === "fixed" && (FIXED_SIZES[logical] ?? size) !== size) return null;
  return logical;
}

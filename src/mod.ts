/** strait's public API: what filter authors import. */

// Schema builder for a filter's options.
export { Type } from "typebox";
// Errors.
export type { ErrorCode, ErrorFacts } from "./model/errors.ts";
export { StraitError } from "./model/errors.ts";
// The filter contract.
export type {
  Drop,
  FilterContext,
  FilterDefinition,
  FilterResult,
  Keep,
  OptionProblem,
  RecordFilter,
  Replace,
} from "./model/filter.ts";
export { defineFilter, drop, keep, replace } from "./model/filter.ts";
// Records.
export type { KafkaRecord, RecordHeader } from "./model/record.ts";
// Schema registries.
export type {
  RegisteredSchema,
  Schema,
  SchemaId,
  SchemaReference,
  SchemaRegistry,
  SchemaType,
} from "./model/schema-registry.ts";

/** Tells filter files from built-in filters, and checks the options a mapping gives a filter. */

import { StraitError } from "../model/errors.ts";
import type { FilterDefinition } from "../model/filter.ts";
import { errorsUnder, type FieldError } from "./invalid-configuration.ts";
import { validate } from "./validate.ts";

/** Whether `use` is the path of a filter file; otherwise it is the name of a built-in filter. */
export function isFilterFile(use: string): boolean {
  return use.includes("/") || /\.(ts|js|mjs)$/.test(use);
}

/**
 * The mistakes in the options, with paths into a mapping's filter (`/options/...`, `/use` for those of the filter
 * itself). Never throws: a broken filter is a mistake like any other.
 */
export function checkFilterOptions(definition: FilterDefinition, options: unknown): FieldError[] {
  let valid: ReturnType<typeof validate>;
  try {
    valid = validate(definition.options, options);
  } catch (error) {
    return [{ path: "/use", message: `the filter's own options schema is invalid: ${wordsOf(error)}` }];
  }
  if (!valid.ok) return errorsUnder("/options", valid.errors);
  try {
    const problems = definition.check?.(valid.value) ?? [];
    return problems.map(({ path, message }) => ({ path: `/options${path}`, message }));
  } catch (error) {
    return [{ path: "/options", message: `the filter's check of its options failed: ${wordsOf(error)}` }];
  }
}

function wordsOf(error: unknown): string {
  return error instanceof StraitError || error instanceof Error ? error.message : String(error);
}

/**
 * A short-lived process that checks filter files: their types, then whether they load, then options against them, so that
 * no user's code runs in the control process. Started by src/control/filter-inspection.ts, which ends it when it takes
 * too long.
 */

import { dirname, relative } from "node:path";
import process from "node:process";
import { checkFilterOptions } from "../config/filter-options.ts";
import type { FieldError } from "../config/invalid-configuration.ts";
import type { FilterUse } from "../config/resources.ts";
import { messageOf } from "../model/errors.ts";
import { fileInside } from "./file-inside.ts";
import { loadFilterDefinition } from "./load-filter.ts";
import { type CleanFile, checkTypes, isTypeScript, type TypeCheckResult } from "./type-check.ts";
import type { TypeMistake } from "./type-check-output.ts";

/** Control to inspector, once. */
export interface InspectionRequest {
  readonly filters: readonly FilterUse[];
  readonly directories: readonly string[];
  /** Files whose types are known to be right as long as they are as they were. */
  readonly clean: readonly CleanFile[];
  /** How long all types together may take, milliseconds. */
  readonly typeCheckTimeoutMs: number;
}

/** Inspector to control: `ready`, `typed` once the types are checked, then the mistakes of each filter in their order. */
export type InspectionMessage =
  | { readonly type: "ready" }
  | { readonly type: "typed"; readonly clean: readonly CleanFile[]; readonly skipped: string | null }
  | { readonly type: "checked"; readonly errors: FieldError[] };

/** A file that is wrong from the start has hundreds; nobody reads them all. */
const MOST_MISTAKES = 10;

export function main(): void {
  process.once("message", (request: InspectionRequest) => void inspect(request));
  process.once("disconnect", () => process.exit(0));
  tell({ type: "ready" });
}

async function inspect(request: InspectionRequest): Promise<void> {
  const { filters, directories, clean: known, typeCheckTimeoutMs: timeoutMs } = request;
  const files = await Promise.all(filters.map(({ use }) => fileInside(use, directories).catch(() => null)));
  const found = files.filter((file) => file !== null);
  // Before anything runs: a file in an endless loop would keep the compiler's answer from being heard.
  const types = await checkTypes(found, { known, timeoutMs });
  tell({ type: "typed", clean: types.clean, skipped: types.skipped });
  for (const [index, filter] of filters.entries()) {
    const file = files[index];
    const wrong = file ? typeErrors(filter.use, file, types, found) : [];
    tell({ type: "checked", errors: wrong.length > 0 ? wrong : await loadErrors(filter, directories) });
  }
}

async function loadErrors({ use, options }: FilterUse, directories: readonly string[]): Promise<FieldError[]> {
  try {
    const { definition } = await loadFilterDefinition(use, directories);
    return checkFilterOptions(definition, options ?? {});
  } catch (error) {
    return [{ path: "/use", message: messageOf(error) }];
  }
}

/** The mistakes of one filter's file, and those of files that no filter is, which it may import. */
function typeErrors(
  use: string,
  file: string,
  { mistakes, failed }: TypeCheckResult,
  filters: readonly string[],
): FieldError[] {
  if (!isTypeScript(file)) return [];
  if (failed !== null) return [{ path: "/use", message: `filter ${use}: ${failed}` }];
  const mine = mistakes.filter((mistake) => mistake.file === file || !filters.includes(mistake.file));
  const told = mine.slice(0, MOST_MISTAKES).map((mistake) => inWords(use, file, mistake));
  if (mine.length > told.length) told.push(`filter ${use}: and ${mine.length - told.length} more mistakes`);
  return told.map((message) => ({ path: "/use", message }));
}

function inWords(use: string, file: string, mistake: TypeMistake): string {
  const place = `${mistake.line}:${mistake.column}: ${mistake.message}`;
  return mistake.file === file
    ? `filter ${use}:${place}`
    : `filter ${use}: ${relative(dirname(file), mistake.file)}:${place}`;
}

function tell(message: InspectionMessage): void {
  process.send?.(message);
}

if (import.meta.main) main();

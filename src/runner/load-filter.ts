/** Loads a filter's definition by built-in name or from a user's file. Runs the file's code: never in the control process. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { builtInFilters } from "../../filters/index.ts";
import { isFilterFile } from "../config/filter-options.ts";
import { suggestion } from "../config/nearest-name.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import type { FilterDefinition } from "../model/filter.ts";
import { STRAIT_VERSION } from "../version.ts";
import { fileInside } from "./file-inside.ts";
import { provideStraitModule } from "./strait-module.ts";

export interface LoadedFilter {
  readonly definition: FilterDefinition;
  readonly source: "built-in" | "file";
  /** SHA-256, hex, of the code: a file's bytes, or a built-in's name and strait's version. */
  readonly digest: string;
}

/**
 * The filter that a mapping's `use` means. A file is looked for in the directories in turn and must lie inside the one it
 * is found in, links resolved. Throws `filter-invalid`, with file and line where they are known.
 */
export async function loadFilterDefinition(use: string, directories: readonly string[]): Promise<LoadedFilter> {
  if (!isFilterFile(use)) return builtIn(use);
  const file = await fileInside(use, directories);
  const digest = sha256(await readFile(file));
  const module = await importFile(use, file, digest);
  return { definition: definitionOf(use, module), source: "file", digest };
}

function builtIn(use: string): LoadedFilter {
  const definition = builtInFilters.find(({ name }) => name === use);
  if (definition === undefined) {
    const hint = suggestion(
      use,
      builtInFilters.map(({ name }) => name),
    );
    throw invalid(`no built-in filter \`${use}\`${hint}; a filter file is given by its path, as ./my-filter.ts`);
  }
  return { definition, source: "built-in", digest: sha256(`${use}@${STRAIT_VERSION}`) };
}

async function importFile(use: string, file: string, digest: string): Promise<{ readonly default?: unknown }> {
  provideStraitModule();
  try {
    // A module is loaded once for each address: without the digest a changed file would go on as it was. A path and not a
    // file: URL, of which Bun 1.4.5 ignores the query.
    return await import(`${file}?${digest}`);
  } catch (error) {
    // Bun gives all syntax errors of a file at once.
    const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
    throw invalid(`filter ${use}${placeOf(first, file)} cannot be loaded: ${messageOf(first)}`, error);
  }
}

function definitionOf(use: string, module: { readonly default?: unknown }): FilterDefinition {
  if (module.default === undefined) {
    throw invalid(`filter ${use} has no default export; end it with: export default defineFilter({ ... })`);
  }
  const definition = module.default as Partial<Record<keyof FilterDefinition, unknown>> | null;
  const expected: readonly [keyof FilterDefinition, boolean, string][] = [
    ["name", /^[a-z0-9][a-z0-9-]*$/.test(String(definition?.name)), "lower-case letters, digits and dashes"],
    ["description", typeof definition?.description === "string", "a sentence"],
    ["options", typeof definition?.options === "object" && definition.options !== null, "a schema made with Type"],
    ["check", ["undefined", "function"].includes(typeof definition?.check), "a function, or absent"],
    ["changesKey", ["undefined", "function"].includes(typeof definition?.changesKey), "a function, or absent"],
    ["create", typeof definition?.create === "function", "a function that makes the filter"],
  ];
  for (const [field, right, what] of expected) {
    if (!right) throw invalid(`filter ${use}: \`${field}\` must be ${what}; use defineFilter({ ... })`);
  }
  return module.default as FilterDefinition;
}

/** `:LINE:COLUMN` of an error in the file, from what the runtime says of it; "" where it says nothing. */
function placeOf(error: unknown, file: string): string {
  // Bun's BuildMessage (1.4.5) has the place in a field, everything else in the stack or, Deno 2.9, in the message.
  const position = (error as { position?: { line?: number; column?: number } | null } | null)?.position;
  if (position?.line !== undefined) return `:${position.line}:${position.column ?? 1}`;
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : "";
  const after = text.split(file).slice(1);
  const places = after.map((rest) => /^(?:\?[0-9a-f]+)?(:\d+(?::\d+)?)/.exec(rest)?.[1]);
  return places.find((place) => place !== undefined) ?? "";
}

function invalid(message: string, cause?: unknown): StraitError {
  return new StraitError("filter-invalid", message, { cause });
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

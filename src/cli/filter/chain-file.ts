/** Finds the filters that a command line means: one by name or file, or a list in YAML or JSON. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { isFilterFile } from "../../config/filter-options.ts";
import { InvalidConfiguration } from "../../config/invalid-configuration.ts";
import { type FilterUse, Mapping } from "../../config/resources.ts";
import { validated } from "../../config/validate.ts";
import { messageOf } from "../../model/errors.ts";
import { UsageError } from "../usage-error.ts";

export interface NamedFilters {
  readonly filters: readonly FilterUse[];
  /** Where filter files, and the files they read, may come from. */
  readonly directories: readonly string[];
}

/**
 * What `strait filter test` is to run. Throws {@link UsageError} for files that are not there or not of the right shape,
 * and for options where the list has its own.
 */
export async function namedFilters(
  target: string,
  options: Record<string, unknown> | undefined,
): Promise<NamedFilters> {
  const directory = dirname(resolve(target));
  if (/\.(ya?ml|json)$/.test(target)) {
    if (options !== undefined) throw new UsageError(`--options is for one filter; ${target} has those of its own`);
    return { filters: await readFilterList(target), directories: [directory] };
  }
  const given = options === undefined ? {} : { options };
  if (!isFilterFile(target)) return { filters: [{ use: target, ...given }], directories: [process.cwd()] };
  if (!existsSync(target)) throw new UsageError(`there is no file ${target}`);
  return { filters: [{ use: `./${basename(target)}`, ...given }], directories: [directory] };
}

/** The filters in a file: a list, or a mapping or anything else that has `filters`. Throws {@link UsageError}. */
export async function readFilterList(path: string): Promise<FilterUse[]> {
  const content = await readYaml(path);
  const list = Array.isArray(content) ? content : (content as { filters?: unknown } | null)?.filters;
  if (list === undefined)
    throw new UsageError(`${path} has no filters: it must be a list of them, or have \`filters\``);
  try {
    return validated(Mapping.properties.filters, list);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    throw new UsageError(error.errors.map(({ path: at, message }) => `${path}: ${at}: ${message}`).join("\n"));
  }
}

/** The JSON of `--options`, or of the file behind `@`. Throws {@link UsageError}. */
export async function readOptions(given: string): Promise<Record<string, unknown>> {
  const text = given.startsWith("@") ? await readText(given.slice(1)) : given;
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--options takes JSON, or @FILE with JSON in it: ${messageOf(error)}`);
  }
  if (typeof options === "object" && options !== null && !Array.isArray(options))
    return options as Record<string, unknown>;
  throw new UsageError("--options takes a JSON object");
}

/** JSON is YAML. */
async function readYaml(path: string): Promise<unknown> {
  const document = parseDocument(await readText(path), { stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new UsageError(`${path}: ${problem.message}`);
  return document.toJS();
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

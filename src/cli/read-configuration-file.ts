/** The configuration file of `strait up` and `strait check`, with the places of its mistakes. */

import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InvalidConfigurationFile, type ParsedFile, parseConfigurationFile } from "../config/configuration-file.ts";
import { InvalidConfiguration } from "../config/invalid-configuration.ts";
import { messageOf } from "../model/errors.ts";
import { UsageError } from "./usage-error.ts";

/** Directories filter files may come from: those given, else where the configuration file is, else the current one. */
export function filterDirectories(path: string | undefined, given: readonly string[] | undefined): string[] {
  if (given !== undefined && given.length > 0) return given.map((directory) => resolve(directory));
  return [path === undefined ? process.cwd() : dirname(resolve(path))];
}

/** Throws {@link UsageError} for a file that cannot be read and {@link FileRefused} for one that is wrong. */
export async function readConfigurationFile(path: string): Promise<ParsedFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
  try {
    return parseConfigurationFile(text);
  } catch (error) {
    throw withPlaces(error, path);
  }
}

/** A configuration file with mistakes; the message has a line for each, as compilers write them. */
export class FileRefused extends Error {}

/** The same error, with the places in the file where there are any. */
export function withPlaces(error: unknown, path: string, file?: ParsedFile): unknown {
  if (!(error instanceof InvalidConfiguration)) return error;
  const located = error instanceof InvalidConfigurationFile ? error.located : (file?.locate(error.errors) ?? []);
  const lines = located.map((each) => {
    const field = each.path === "" ? "" : `${each.path}: `;
    return `${path}:${each.line}:${each.column}: ${field}${each.message}`;
  });
  return new FileRefused(lines.join("\n"));
}

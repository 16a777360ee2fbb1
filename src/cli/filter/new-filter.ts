/** Writes a filter to begin with, and its test. */

import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../model/errors.ts";
import { UsageError } from "../usage-error.ts";
import { filterTemplate, testTemplate } from "./templates.ts";

export interface NewFilterOptions {
  /** Made if it is missing. */
  readonly directory: string;
  /** The folder of the strait that tests find under its name. Default: this one. */
  readonly strait?: string;
}

const STRAIT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Writes `NAME.ts` and `NAME.test.ts`, and a link to strait where the test would not find it. Resolves to what to do
 * next. Rejects with {@link UsageError} for a name that a filter cannot have, and where a file of that name is there:
 * nothing is written over.
 */
export async function newFilter(name: string, { directory, strait = STRAIT }: NewFilterOptions): Promise<string> {
  if (!/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(name)) {
    throw new UsageError(`a filter is named with lower-case letters, digits and dashes, not ${JSON.stringify(name)}`);
  }
  const files = [
    { path: join(directory, `${name}.ts`), text: filterTemplate(name) },
    { path: join(directory, `${name}.test.ts`), text: testTemplate(name) },
  ];
  const there = files.find(({ path }) => existsSync(path));
  if (there !== undefined) throw new UsageError(`${there.path} is there already; choose another name or directory`);
  await mkdir(directory, { recursive: true });
  // "wx": somebody may have been faster.
  for (const { path, text } of files) await writeFile(path, text, { flag: "wx" });
  const link = await linkStrait(directory, strait);
  const [filter = "", test = ""] = files.map(({ path }) => path);
  return [
    `wrote ${filter} and ${test}${link === null ? "" : `; ${link}`}`,
    "",
    "what to do next:",
    `  bun test ${test.startsWith("/") ? test : `./${test}`}`,
    `  strait filter test ${filter} --in samples.jsonl --options '{"headers":["trace-id"]}'`,
    `and in a mapping, the directory being one of --filters: { "use": "./${name}.ts", "options": { "headers": ["trace-id"] } }`,
  ].join("\n");
}

/** What was done so that files in the directory find `strait`; null where they do anyway. */
async function linkStrait(directory: string, strait: string): Promise<string | null> {
  if (findsStrait(directory)) return null;
  if (!existsSync(join(strait, "package.json"))) {
    return "the test runs where the package strait is installed: this strait is one file and has none to link to";
  }
  const link = join(directory, "node_modules", "strait");
  try {
    await mkdir(join(directory, "node_modules"), { recursive: true });
    // A junction needs no rights on Windows; elsewhere the type is ignored.
    await symlink(strait, link, "junction");
    return `linked ${link} to this strait, for the test and for editors`;
  } catch (error) {
    return `could not link ${link} to ${strait}: ${messageOf(error)}; the test needs it, strait itself does not`;
  }
}

function findsStrait(directory: string): boolean {
  try {
    createRequire(join(resolve(directory), "any.ts")).resolve("strait/testing");
    return true;
  } catch {
    return false;
  }
}

/** `strait filter ...` */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { builtInFilters } from "../../filters/index.ts";
import { inspectFilters } from "../control/filter-inspection.ts";
import type { Preview } from "../control/preview-view.ts";
import { messageOf } from "../model/errors.ts";
import type { CommandContext } from "./command-context.ts";
import { namedFilters, readFilterList, readOptions } from "./filter/chain-file.ts";
import { countOutcomes, countsText } from "./filter/counts.ts";
import { newFilter } from "./filter/new-filter.ts";
import type { Palette } from "./filter/palette.ts";
import { renderRecord } from "./filter/render-record.ts";
import { parseSamples } from "./filter/samples.ts";
import { trySamples } from "./filter/try-samples.ts";
import { addExamples } from "./help.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

export interface FilterContext extends CommandContext {
  readonly palette: Palette;
  readonly setExitCode: (code: number) => void;
}

interface TestOptions {
  readonly in: string;
  readonly options?: string;
  readonly key?: string;
  readonly registry?: string;
  readonly filters?: readonly string[];
  readonly timeout: number;
  readonly json?: true;
}

interface PreviewOptions {
  readonly records?: number;
  readonly filters?: string;
  readonly json?: true;
}

const MOST_SAMPLE_BYTES = 64 * 1024 * 1024;

export function addFilterCommands(program: Command, context: FilterContext): void {
  const filter = addExamples(
    program.command("filter").description("filters: what there is, writing your own, trying them"),
    ["strait filter ls", "those that come with strait"],
    ["strait filter new strip-headers --dir filters", "one of your own, with its test"],
    [
      `strait filter test redact --in samples.jsonl --options '{"keep":["$.id"]}'`,
      "what a filter makes of samples, one JSON value a line",
    ],
    ["strait filter test filters.yaml --in samples.jsonl", "the same with a list of filters"],
    ["strait filter preview eu-to-us orders --filters filters.yaml", "and with the newest records of a mapping"],
  );
  filter
    .command("ls")
    .description("list the filters that come with strait")
    .option("--json", "as JSON, with the schemas of their options")
    .action(({ json }: { json?: true }) => context.print(catalogue(json === true, context)));
  filter
    .command("new <name>")
    .description("write a filter to begin with, and its test")
    .option("--dir <directory>", "where to", ".")
    .action(async (name: string, { dir }: { dir: string }) => context.print(await newFilter(name, { directory: dir })));
  filter
    .command("test <filter>")
    .description("run a filter over samples: a built-in's name, a .ts file, or a list of filters as YAML or JSON")
    .requiredOption("--in <file>", "the samples, one JSON value or record a line")
    .option("--options <json>", "the filter's options as JSON, or @FILE")
    .option("--key <text>", "the key of samples that have none")
    .option("--registry <url>", "a schema registry to read from")
    .option("--filters <directory...>", "where files may come from, besides where the filter is")
    .option("--timeout <seconds>", "how long a filter may take for a record", wholeNumber("--timeout", 1, 600), 10)
    .option("--json", "as JSON")
    .action((target: string, options: TestOptions) => testFilter(target, options, context));
  filter
    .command("preview <link> <mapping>")
    .description("show the newest records of a mapping before and after its filters; nothing is written")
    .option("--records <number>", "how many, 1 to 100 (default 10)", wholeNumber("--records", 1, 100))
    .option("--filters <file>", "filters to try in place of its own, as YAML or JSON")
    .option("--json", "as JSON")
    .action((link: string, mapping: string, options: PreviewOptions) => preview(link, mapping, options, context));
}

function catalogue(json: boolean, { table }: FilterContext): string {
  const filters = builtInFilters.map(({ name, description, options }) => ({ name, description, options }));
  if (json) return JSON.stringify({ filters });
  return table(
    ["FILTER", "DESCRIPTION"],
    filters.map(({ name, description }) => [name, description]),
  );
}

async function testFilter(target: string, given: TestOptions, context: FilterContext): Promise<void> {
  const { print, complain, palette, setExitCode } = context;
  const named = await namedFilters(target, given.options === undefined ? undefined : await readOptions(given.options));
  const directories = [...named.directories, ...(given.filters ?? []).map((directory) => resolve(directory))];
  const samples = parseSamples(await readSamples(given.in), given.key ?? null);
  const mistakes = await inspectFilters(named.filters, { directories, onSkipped: complain });
  if (mistakes.length > 0) {
    // What is wrong with a filter itself says which one it is, and where.
    for (const { path, message } of mistakes) complain(path.endsWith("/use") ? message : `${path}: ${message}`);
    return setExitCode(1);
  }
  const { records, error } = await trySamples(
    samples,
    { filters: named.filters, directories },
    { timeoutMs: given.timeout * 1000, ...(given.registry !== undefined && { registryUrl: given.registry }) },
  );
  const counts = countOutcomes(records);
  setExitCode(error === null && counts.failed === 0 ? 0 : 1);
  if (given.json) return print(JSON.stringify({ filters: named.filters, records, counts, error }));
  for (const record of records) print(`${renderRecord(`line ${record.line}`, record, palette)}\n`);
  print(countsText(counts));
  if (error !== null) complain(error);
}

async function preview(
  link: string,
  mapping: string,
  { records, filters, json }: PreviewOptions,
  { client, print, palette, setExitCode }: FilterContext,
): Promise<void> {
  const path = `/v1/links/${encodeURIComponent(link)}/mappings/${encodeURIComponent(mapping)}/preview`;
  const body = {
    ...(records !== undefined && { records }),
    ...(filters !== undefined && { filters: await readFilterList(filters) }),
  };
  const answer = (await client().request("POST", path, body)) as Preview;
  const counts = countOutcomes(answer.records);
  setExitCode(counts.failed === 0 ? 0 : 1);
  if (json) return print(JSON.stringify(answer));
  for (const record of answer.records) {
    const at = record.timestamp === null ? "" : ` (${new Date(record.timestamp).toISOString()})`;
    print(`${renderRecord(`${answer.topic}/${record.partition} offset ${record.offset}${at}`, record, palette)}\n`);
  }
  print(countsText(counts));
}

async function readSamples(path: string): Promise<Uint8Array> {
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
  if (content.length <= MOST_SAMPLE_BYTES) return content;
  throw new UsageError(`${path} is larger than ${MOST_SAMPLE_BYTES} bytes; take fewer samples`);
}

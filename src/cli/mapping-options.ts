/** The options of `strait map add` and `strait map set`. */

import { type Command, Option } from "commander";
import { UsageError } from "./usage-error.ts";

/** As commander gives them. */
export interface MappingOptions {
  readonly mode?: string;
  readonly start?: string;
  readonly keep?: readonly string[];
  readonly filter?: string;
  readonly filters?: unknown;
  readonly onFailure?: string;
  readonly onExpired?: string;
  readonly transaction?: string;
  readonly trim?: boolean;
  readonly monitorOnly?: boolean;
  readonly paused?: boolean;
  readonly file?: string;
}

/** They go into the body as they are. */
const FIELDS = ["mode", "onFailure", "onExpired", "transaction", "trim", "monitorOnly", "paused"] as const;

export function addMappingOptions(command: Command): Command {
  return command
    .option("--mode <mode>", "mirror (the default) or append")
    .option("--start <start>", "where to begin if nothing was copied yet: earliest, latest or 2026-11-22T00:00:00Z")
    .addOption(
      new Option(
        "--keep <path...>",
        "let only these fields of JSON values cross, for example $.id; a list, so it comes last",
      ).conflicts(["filter", "filters"]),
    )
    .addOption(new Option("--filter <file>", "a list of filters as YAML or JSON").conflicts(["filters"]))
    .option("--filters <json>", "the list itself; [] for none", parseFilters)
    .option("--on-failure <what>", "stop (the default) or quarantine: records a filter cannot handle")
    .option("--on-expired <what>", "stop (the default) or continue: records that expired before they were copied")
    .option("--transaction <what>", "mode append: on, exactly once (the default), or off, at least once")
    .option("--trim", "mode mirror: delete at the start what the source deletes")
    .option("--no-trim", "do not (the default)")
    .option("--monitor-only", "let records cross though all filters only look on")
    .option("--no-monitor-only", "do not (the default)")
    .option("--paused", "do not copy before it is resumed")
    .option("--file <file>", "the mapping as YAML or JSON, - for standard input; options win over what is in it")
    .option("--json", "as JSON");
}

/** What the options say, as the API takes it. Throws {@link UsageError} for files that cannot be used. */
export async function mappingBody(options: MappingOptions): Promise<Record<string, unknown>> {
  const { start, keep, filter, filters, file } = options;
  // What reads files is loaded where there is one: most command lines have none.
  const fromFile = file === undefined ? {} : await (await import("./read-body.ts")).readBody(file);
  const chain = filter === undefined ? null : await (await import("./filter/chain-file.ts")).readFilterList(filter);
  const given = FIELDS.flatMap((field) => (options[field] === undefined ? [] : [[field, options[field]]]));
  return {
    ...fromFile,
    ...Object.fromEntries(given),
    ...(start !== undefined && { start: parseStart(start) }),
    ...(keep !== undefined && { filters: [{ use: "redact", options: { keep } }] }),
    ...(chain !== null && { filters: chain }),
    ...(filters !== undefined && { filters }),
  };
}

/** A word goes as it is: the server knows which there are. */
function parseStart(text: string): unknown {
  return /^\d/.test(text) ? { timestamp: text } : text;
}

function parseFilters(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError("--filters takes JSON", { cause });
  }
}

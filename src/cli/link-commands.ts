/** `strait link ...` and `strait map ...` */

import type { Command } from "commander";
import type { Mapping } from "../config/resources.ts";
import type { LinkView } from "../control/link-view.ts";
import type { ApiClient } from "./api-client.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

export interface CommandContext {
  readonly client: () => ApiClient;
  /** Writes a result, ending the line. */
  readonly print: (text: string) => void;
}

interface Json {
  readonly json?: true;
}

export function addLinkCommands(program: Command, { client, print }: CommandContext): void {
  const link = program.command("link").description("links: from one cluster to another");
  link
    .command("ls")
    .description("list links")
    .option("--json", "as JSON")
    .action(async ({ json }: Json) => {
      const answer = (await client().request("GET", "/v1/links")) as { links: LinkView[] };
      print(json ? JSON.stringify(answer) : linkTable(answer.links));
    });
  link
    .command("show <link>")
    .description("show a link and its mappings")
    .option("--json", "as JSON")
    .action(async (name: string, { json }: Json) => {
      const answer = (await client().request("GET", linkPath(name))) as LinkView;
      print(json ? JSON.stringify(answer) : `${linkTable([answer])}\n\n${mappingTable(answer.mappings)}`);
    });
  link
    .command("add <link>")
    .description("add a link without mappings")
    .requiredOption("--source <cluster>", "where records come from")
    .requiredOption("--destination <cluster>", "where they go")
    .action(async (name: string, { source, destination }: { source: string; destination: string }) => {
      await client().request("POST", "/v1/links", { name, source, destination });
    });
  for (const verb of ["pause", "resume"]) {
    link
      .command(`${verb} <link>`)
      .description(`${verb} a link`)
      .action(async (name: string) => {
        await client().request("POST", `${linkPath(name)}/${verb}`);
      });
  }
  link
    .command("rm <link>")
    .description("remove a link; what was copied stays")
    .action(async (name: string) => {
      await client().request("DELETE", linkPath(name));
    });
}

export function addMappingCommands(program: Command, { client, print }: CommandContext): void {
  const map = program.command("map").description("mappings: the topics of a link");
  map
    .command("ls <link>")
    .description("list the mappings of a link")
    .option("--json", "as JSON")
    .action(async (name: string, { json }: Json) => {
      const answer = (await client().request("GET", `${linkPath(name)}/mappings`)) as { mappings: Mapping[] };
      print(json ? JSON.stringify(answer) : mappingTable(answer.mappings));
    });
  map
    .command("add <link> <topic>")
    .description("copy a topic")
    .option("--destination <topic>", "the topic at the destination; {topic} stands for the source topic")
    .option("--mode <mode>", "mirror (the default) or append")
    .option("--start <start>", "earliest or latest")
    .option("--filters <json>", 'for example \'[{"use":"redact","options":{"keep":["$.id"]}}]\'', parseJson)
    .action(async (name: string, source: string, options: Record<string, unknown>) => {
      await client().request("POST", `${linkPath(name)}/mappings`, { source, ...options });
    });
  map
    .command("rm <link> <mapping>")
    .description("remove a mapping; what was copied stays")
    .action(async (name: string, mapping: string) => {
      await client().request("DELETE", `${linkPath(name)}/mappings/${encodeURIComponent(mapping)}`);
    });
}

function linkPath(name: string): string {
  return `/v1/links/${encodeURIComponent(name)}`;
}

function linkTable(links: readonly LinkView[]): string {
  const rows = links.map((link) => [
    link.name,
    link.source,
    link.destination,
    link.mappings.length,
    link.state,
    link.reason,
  ]);
  return table(["LINK", "SOURCE", "DESTINATION", "MAPPINGS", "STATE", "REASON"], rows);
}

function mappingTable(mappings: readonly Mapping[]): string {
  const rows = mappings.map(({ name, source, destination, mode, filters, paused }) => {
    const used = filters.map(({ use }) => use).join(", ");
    return [name, source, destination, mode, used === "" ? null : used, paused ? "yes" : "no"];
  });
  return table(["MAPPING", "SOURCE", "DESTINATION", "MODE", "FILTERS", "PAUSED"], rows);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError("--filters takes JSON", { cause: error });
  }
}

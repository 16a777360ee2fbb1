/** `strait map ...` */

import type { Command } from "commander";
import type { MappingView } from "../control/mapping-view.ts";
import { mappingPath, mappingsPath } from "./api-paths.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { mappingTable } from "./link-text.ts";
import { addMappingOptions, type MappingOptions, mappingBody } from "./mapping-options.ts";
import { mappingText } from "./mapping-text.ts";
import { UsageError } from "./usage-error.ts";

interface AddOptions extends MappingOptions, Json {
  readonly name?: string;
  readonly destination?: string;
}

export function addMappingCommands(program: Command, context: CommandContext): void {
  const { client, print } = context;
  const map = addExamples(
    program.command("map").description("mappings: the topics of a link"),
    ["strait map ls eu-to-us", "all of a link"],
    ["strait map show eu-to-us orders", "one, with the options of its filters"],
    ["strait map pause eu-to-us orders", "one stands still, the others go on"],
    ["strait map resume eu-to-us orders", "and goes on where it was"],
    ["strait map rm eu-to-us orders", "what was copied stays"],
  );
  map
    .command("ls <link>")
    .description("list the mappings of a link")
    .option("--json", "as JSON")
    .action(async (link: string, { json }: Json) => {
      const answer = (await client().request("GET", mappingsPath(link))) as { mappings: MappingView[] };
      print(json ? JSON.stringify(answer) : mappingTable(answer.mappings, context));
    });
  map
    .command("show <link> <mapping>")
    .description("show a mapping with the options of its filters")
    .option("--json", "as JSON")
    .action(async (link: string, mapping: string, { json }: Json) => {
      const answer = (await client().request("GET", mappingPath(link, mapping))) as MappingView;
      print(json ? JSON.stringify(answer) : mappingText(answer, context));
    });
  addMapAdd(map, context);
  addMapSet(map, context);
  for (const [verb, description, done] of [
    ["pause", "stop copying one topic until it is resumed; the others go on", "paused"],
    ["resume", "go on copying one topic", "resumed"],
  ] as const) {
    map
      .command(`${verb} <link> <mapping>`)
      .description(description)
      .option("--json", "as JSON")
      .action(async (link: string, mapping: string, { json }: Json) => {
        const answer = await client().request("POST", `${mappingPath(link, mapping)}/${verb}`);
        print(json ? JSON.stringify(answer) : `mapping ${mapping} of link ${link} ${done}`);
      });
  }
  map
    .command("rm <link> <mapping>")
    .description("remove a mapping; what was copied stays")
    .action(async (link: string, mapping: string) => {
      await client().request("DELETE", mappingPath(link, mapping));
      print(`mapping ${mapping} of link ${link} removed`);
    });
}

function addMapAdd(map: Command, { client, print }: CommandContext): void {
  const add = map
    .command("add <link> [topic]")
    .description("copy a topic; the topic may also come from --file")
    .option("--to, --destination <topic>", "the topic at the destination; {topic} stands for the source topic")
    .option("--name <name>", "what to call the mapping (default: made from the topic)");
  addExamples(
    addMappingOptions(add).action(async (link: string, topic: string | undefined, options: AddOptions) => {
      const { name, destination, json } = options;
      const body = {
        ...(await mappingBody(options)),
        ...(topic !== undefined && { source: topic }),
        ...(name !== undefined && { name }),
        ...(destination !== undefined && { destination }),
      };
      if (!("source" in body)) throw new UsageError("which topic? name it behind the link, or as `source` in --file");
      const answer = (await client().request("POST", mappingsPath(link), body)) as MappingView;
      print(json ? JSON.stringify(answer) : `mapping ${answer.name} added to link ${link}: ${directionOf(answer)}`);
    }),
    ["strait map add eu-to-us orders", "a mirror: the same partitions, the same offsets"],
    [
      "strait map add eu-to-us orders --keep '$.id' '$.amount' '$.customer.country'",
      "only the fields that are listed cross",
    ],
    [
      "strait map add eu-to-us clicks --to 'eu.{topic}' --mode append --start latest",
      "into a topic that others write to as well, beginning now",
    ],
    ["strait map add eu-to-us orders --filter filters.yaml --on-failure quarantine", "through the filters of a file"],
  );
}

function addMapSet(map: Command, { client, print }: CommandContext): void {
  const set = map
    .command("set <link> <mapping>")
    .description("change a mapping; what is not named stays, and other mappings go on");
  addExamples(
    addMappingOptions(set).action(async (link: string, mapping: string, options: MappingOptions & Json) => {
      const body = await mappingBody(options);
      if (Object.keys(body).length === 0) throw new UsageError("nothing to change: name an option, or --file");
      const answer = await client().request("PATCH", mappingPath(link, mapping), body);
      print(options.json ? JSON.stringify(answer) : `mapping ${mapping} of link ${link} changed`);
    }),
    ["strait map set eu-to-us orders --keep '$.id' '$.amount'", "other filters: the first ones are replaced"],
    ["strait map set eu-to-us orders --on-expired continue", "go on behind records that expired at the source"],
  );
}

function directionOf({ source, destination, mode }: MappingView): string {
  return `topic ${source} to ${destination}, mode ${mode}`;
}

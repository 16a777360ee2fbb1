/** `strait link ...` */

import type { Command } from "commander";
import type { LinkLag } from "../control/lag.ts";
import type { LinkView } from "../control/link-view.ts";
import { messageOf } from "../model/errors.ts";
import { linkPath } from "./api-paths.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { linkTable, linkText } from "./link-text.ts";
import { readBody } from "./read-body.ts";
import { UsageError } from "./usage-error.ts";

interface AddOptions extends Json {
  readonly source?: string;
  readonly destination?: string;
  readonly paused?: true;
  readonly file?: string;
}

export function addLinkCommands(program: Command, context: CommandContext): void {
  const { client, print } = context;
  const link = addExamples(
    program.command("link").description("links: from one cluster to another"),
    ["strait link ls", "all, and how they are"],
    ["strait link show eu-to-us", "one, with how far each mapping is"],
    ["strait link pause eu-to-us", "during maintenance"],
    ["strait link resume eu-to-us", "after it"],
    ["strait link rm eu-to-us", "what was copied stays"],
  );
  link
    .command("ls")
    .description("list links")
    .option("--json", "as JSON")
    .action(async ({ json }: Json) => {
      const answer = (await client().request("GET", "/v1/links")) as { links: LinkView[] };
      print(json ? JSON.stringify(answer) : linkTable(answer.links, context));
    });
  link
    .command("show <link>")
    .description("show a link, its mappings, how far they are, and what is in their way")
    .option("--json", "as JSON")
    .action((name: string, { json }: Json) => showLink(name, json === true, context));
  addExamples(
    link
      .command("add <link>")
      .description("add a link, without mappings or with those of a file")
      .option("--source <cluster>", "where records come from")
      .option("--destination <cluster>", "where they go")
      .option("--paused", "do not copy before it is resumed")
      .option("--file <file>", "a link with its mappings as YAML or JSON, - for standard input; options win")
      .option("--json", "as JSON")
      .action((name: string, options: AddOptions) => addLink(name, options, context)),
    ["strait link add eu-to-us --source east --destination west", "a link; `strait map add` gives it topics"],
    ["strait link add eu-to-us --file eu-to-us.yaml", "with its mappings, all at once"],
  );
  addExamples(
    link
      .command("set <link>")
      .description("change what a file names: `paused`, or `mappings`, which replaces the whole list")
      .requiredOption("--file <file>", "the changes as YAML or JSON, - for standard input")
      .option("--json", "as JSON")
      .action(async (name: string, { file, json }: { file: string } & Json) => {
        const answer = await client().request("PATCH", linkPath(name), await readBody(file));
        print(json ? JSON.stringify(answer) : `link ${name} changed`);
      }),
    ["strait link set eu-to-us --file mappings.yaml", "the mappings of the file in the place of all it has"],
  );
  for (const [verb, description, done] of [
    ["pause", "stop copying until it is resumed", "paused"],
    ["resume", "go on copying", "resumed"],
  ] as const) {
    link
      .command(`${verb} <link>`)
      .description(description)
      .option("--json", "as JSON")
      .action(async (name: string, { json }: Json) => {
        const answer = await client().request("POST", `${linkPath(name)}/${verb}`);
        print(json ? JSON.stringify(answer) : `link ${name} ${done}`);
      });
  }
  link
    .command("rm <link>")
    .description("remove a link; what was copied stays, and so does its progress: added again, it goes on")
    .action(async (name: string) => {
      await client().request("DELETE", linkPath(name));
      print(`link ${name} removed`);
    });
}

async function addLink(name: string, options: AddOptions, { client, print }: CommandContext): Promise<void> {
  const { file, json, ...flags } = options;
  const given = file === undefined ? {} : await readBody(file);
  if (given["name"] !== undefined && given["name"] !== name) {
    throw new UsageError(`${file} has a link of another name than ${name}`);
  }
  const body = { ...given, name, ...flags };
  for (const side of ["source", "destination"]) {
    if (!(side in body)) throw new UsageError(`--${side} is missing: it names a cluster (\`strait cluster ls\`)`);
  }
  const answer = (await client().request("POST", "/v1/links", body)) as LinkView;
  const next = answer.mappings.length > 0 ? `lag ${name} --watch` : `map add ${name} TOPIC`;
  print(json ? JSON.stringify(answer) : `link ${name} added; next: strait ${next}`);
}

async function showLink(name: string, json: boolean, context: CommandContext): Promise<void> {
  const client = context.client();
  const link = (await client.request("GET", linkPath(name))) as LinkView;
  if (json) return context.print(JSON.stringify(link));
  try {
    const lag = (await client.request("GET", `${linkPath(name)}/lag`)) as LinkLag;
    context.print(linkText(link, lag, context));
  } catch (error) {
    // What is configured can be shown without.
    context.print(linkText(link, null, context));
    context.complain(`how far it is cannot be said: ${messageOf(error)}`);
  }
}

/** `strait api`: any request, with the address, the token and the errors of the other commands. */

import type { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { readBody } from "./read-body.ts";
import { UsageError } from "./usage-error.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function addApiCommand(program: Command, { client, print }: CommandContext): void {
  addExamples(
    program
      .command("api <method> <path>")
      .description("send a request to the API and print its answer as it is; `strait api GET /openapi.json` lists them")
      .option("--file <file>", "the body as YAML or JSON, - for standard input")
      .action(async (given: string, path: string, { file }: { file?: string }) => {
        const method = given.toUpperCase();
        if (!METHODS.includes(method)) throw new UsageError(`the method is one of ${METHODS.join(", ")}`);
        if (!path.startsWith("/")) throw new UsageError("the path begins with /, for example /v1/links");
        const body = file === undefined ? undefined : await readBody(file);
        const { text } = await client().exchangeText(method, path, body);
        if (text !== "") print(text.trimEnd());
      }),
    ["strait api GET /v1/links/eu-to-us", "what `strait link show eu-to-us --json` prints"],
    ["strait api PUT /v1/regions/eu --file region.yaml", "a body from a file"],
  );
}

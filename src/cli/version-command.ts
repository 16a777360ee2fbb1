/** `strait version` */

import process from "node:process";
import type { Command } from "commander";
import { STRAIT_VERSION } from "../version.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";

export function addVersionCommand(program: Command, { print }: CommandContext): void {
  const command = program
    .command("version")
    .description("this strait, and what it runs on")
    .option("--json", "as JSON")
    .action(({ json }: Json) => {
      const runtime = runtimeOf(process.versions);
      const facts = { strait: STRAIT_VERSION, ...runtime, platform: `${process.platform}-${process.arch}` };
      print(json ? JSON.stringify(facts) : `strait ${STRAIT_VERSION} (${runtime.runtime}, ${facts.platform})`);
    });
  addExamples(command, ["strait version --json", "for a report of a mistake"]);
}

function runtimeOf({ bun, deno, node }: NodeJS.ProcessVersions & { readonly deno?: string }): { runtime: string } {
  if (bun !== undefined) return { runtime: `Bun ${bun}` };
  return { runtime: deno === undefined ? `Node.js ${node}` : `Deno ${deno}` };
}

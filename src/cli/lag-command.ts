/** `strait lag` */

import type { Command } from "commander";
import type { LinkLag } from "../control/lag.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { lagPath } from "./lag/lag-scope.ts";
import { lagTable } from "./lag/lag-table.ts";
import { wholeNumber } from "./whole-number.ts";

interface LagOptions extends Json {
  readonly topic?: string;
  readonly partition?: number;
  readonly watch?: true;
}

export function addLagCommand(
  program: Command,
  context: CommandContext & { readonly write: (text: string) => void },
): void {
  const { client, print } = context;
  addExamples(
    program
      .command("lag [link]")
      .description("how far each partition is behind, of a link or of all")
      .option("--topic <topic>", "only this source topic")
      .option("--partition <number>", "only this partition", wholeNumber("--partition", 0, 2_147_483_647))
      .option("-w, --watch", "go on until Ctrl-C: a picture on a terminal, elsewhere a line for each change")
      .option("--json", "as JSON; with --watch a line each second for each link")
      .action(async (link: string | undefined, { topic, partition, watch, json }: LagOptions) => {
        const scope = { link, topic, partition };
        if (watch) {
          const { watchLag } = await import("./lag/watch-lag.ts");
          return await watchLag(client(), scope, json === true, context);
        }
        const answer = await client().request("GET", lagPath(scope));
        if (json) return print(JSON.stringify(answer));
        const { links = [answer as LinkLag], total } = answer as { links?: LinkLag[]; total: LinkLag["total"] };
        print(lagTable(links, total, context));
      }),
    ["strait lag", "all links, as they are now"],
    ["strait lag eu-to-us --watch", "one link, drawn again every second, the partition that is most behind first"],
    ["strait lag eu-to-us --topic orders --partition 3 --json", "one partition for a script"],
  );
}

/** `strait metrics` */

import type { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addExamples } from "./help.ts";

export function addMetricsCommand(program: Command, { client, print }: CommandContext): void {
  addExamples(
    program
      .command("metrics")
      .description("what Prometheus reads, as it is now")
      .action(async () => {
        const { text } = await client().exchangeText("GET", "/metrics");
        print(text.trimEnd());
      }),
    ["strait metrics | grep '^strait_lag_records'", "one of them"],
  );
}

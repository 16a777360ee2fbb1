/** `strait events` */

import type { Command } from "commander";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { UsageError } from "./usage-error.ts";

interface EventsOptions extends Json {
  readonly only?: string;
}

const KINDS = ["state", "lag"];

export function addEventsCommand(program: Command, { client, print, complain }: CommandContext): void {
  addExamples(
    program
      .command("events")
      .description("follow what happens until Ctrl-C: states of links as they change, and their lag every second")
      .option("--only <kind>", "state, or lag")
      .option("--json", 'a line of JSON each: { "event", "data" }')
      .action(async ({ only, json }: EventsOptions) => {
        if (only !== undefined && !KINDS.includes(only)) throw new UsageError(`--only takes ${KINDS.join(" or ")}`);
        const { lastValueFrom, takeUntil, tap } = await import("rxjs");
        const { followEvents } = await import("./events/follow-events.ts");
        const { eventLine } = await import("./events/event-line.ts");
        const { outageNotice } = await import("./events/outage-notice.ts");
        const { interruption } = await import("./interruption.ts");
        const notice = outageNotice(complain);
        const updates = followEvents(client()).pipe(
          tap((update) => {
            notice(update);
            const line = only === undefined || update.type === only ? eventLine(update, json === true) : null;
            if (line !== null) print(line);
          }),
          takeUntil(interruption()),
        );
        await lastValueFrom(updates, { defaultValue: undefined });
      }),
    ["strait events --only state", "what becomes of links, for example during a switch-over"],
    ["strait events --json | jq -c 'select(.event == \"state\").data'", "for a script"],
  );
}

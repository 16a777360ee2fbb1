/** `strait await` */

import type { Command } from "commander";
import { linkPath, withQuery } from "./api-paths.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

interface AwaitOptions extends Json {
  readonly timeout: number;
}

interface Reached {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly nextOffset: number;
}

/** The API takes no longer ones. */
const MAX_TIMEOUT_S = 300;
/** An answer that comes at the last moment is still on its way then. */
const GRACE_MS = 15_000;

export function addAwaitCommand(program: Command, { client, print }: CommandContext): void {
  addExamples(
    program
      .command("await <link> <topic/partition> <offset>")
      .description("wait until an offset of the source is at the destination; exit 1 if it is not in time")
      .option("--timeout <seconds>", "how long to wait", wholeNumber("--timeout", 0, MAX_TIMEOUT_S), 30)
      .option("--json", "as JSON")
      .action(async (link: string, where: string, offset: string, { timeout, json }: AwaitOptions) => {
        const timeoutMs = timeout * 1000;
        const query = { ...placeOf(where), offset: wholeNumber("the offset")(offset), timeoutMs };
        const path = withQuery(`${linkPath(link)}/await`, query);
        const answer = await client().request("GET", path, undefined, { timeoutMs: timeoutMs + GRACE_MS });
        const { topic, partition, nextOffset } = answer as Reached;
        print(
          json
            ? JSON.stringify(answer)
            : `offset ${query.offset} of ${topic}/${partition} is at the destination; ${nextOffset} comes next`,
        );
      }),
    ["strait await eu-to-us orders/3 1200", "after a write that must be there before something else happens"],
    ["strait await eu-to-us orders/3 1200 --timeout 120 && ./switch-over.sh", "and go on only then"],
  );
}

function placeOf(text: string): { topic: string; partition: number } {
  const [, topic, partition] = /^([^/]+)\/(\d{1,10})$/.exec(text) ?? [];
  if (topic !== undefined && partition !== undefined) return { topic, partition: Number(partition) };
  throw new UsageError(`a partition is written TOPIC/NUMBER, for example orders/3, not ${JSON.stringify(text)}`);
}

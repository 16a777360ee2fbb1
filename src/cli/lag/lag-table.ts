/** The lag as it is now, as a table. */

import type { LinkLag } from "../../control/lag.ts";
import type { CommandContext } from "../command-context.ts";
import { inkOfState } from "../paint.ts";
import { printable } from "../printable.ts";
import { duration } from "../quantity.ts";
import { totalWords } from "./lag-words.ts";

/** A row for each partition, then the total, then every reason. */
export function lagTable(
  links: readonly LinkLag[],
  total: LinkLag["total"],
  { table, terminal: { paint } }: Pick<CommandContext, "table" | "terminal">,
): string {
  const rows = links.flatMap((each) =>
    each.partitions.map((partition) => [
      each.link,
      partition.topic,
      partition.partition,
      { text: partition.state, ink: inkOfState(paint, partition.state) },
      partition.nextOffset,
      partition.sourceEndOffset,
      partition.lagRecords,
      partition.lagMs === null ? null : duration(partition.lagMs),
      Math.round(partition.recordsPerSecond),
    ]),
  );
  const notes = links.flatMap(({ link, reason, partitions }) => [
    ...(reason === null ? [] : [`${link}: ${reason}`]),
    ...partitions.flatMap((each) =>
      each.reason === null || each.reason === reason ? [] : [`${link} ${each.topic}/${each.partition}: ${each.reason}`],
    ),
  ]);
  const head = ["LINK", "TOPIC", "PARTITION", "STATE", "NEXT", "END", "LAG", "AGE", "RECORDS/S"];
  const rate = links.flatMap(({ partitions }) => partitions).reduce((sum, each) => sum + each.recordsPerSecond, 0);
  return [
    table(head, rows),
    paint.strong(`total: ${totalWords(total)}, ${Math.round(rate)} records/s`),
    ...notes.map(printable),
  ].join("\n");
}

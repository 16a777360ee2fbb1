/** `strait lag` */

import type { LinkLag } from "../control/lag.ts";
import type { ApiClient } from "./api-client.ts";
import { table } from "./table.ts";

/** The lag of a link or of all, as a table or as the API's JSON. */
export async function lag(client: ApiClient, link: string | undefined, json: boolean): Promise<string> {
  const path = link === undefined ? "/v1/lag" : `/v1/links/${encodeURIComponent(link)}/lag`;
  const answer = await client.request("GET", path);
  if (json) return JSON.stringify(answer);
  const links = link === undefined ? (answer as { links: LinkLag[] }).links : [answer as LinkLag];
  const rows = links.flatMap((each) =>
    each.partitions.map((partition) => [
      each.link,
      partition.topic,
      partition.partition,
      partition.state,
      partition.nextOffset,
      partition.sourceEndOffset,
      partition.lagRecords,
      partition.lagMs === null ? null : duration(partition.lagMs),
      Math.round(partition.recordsPerSecond),
    ]),
  );
  const notes = links.flatMap(({ link: name, reason, partitions }) => [
    ...(reason === null ? [] : [`${name}: ${reason}`]),
    ...partitions.flatMap((each) =>
      each.reason === null || each.reason === reason ? [] : [`${name} ${each.topic}/${each.partition}: ${each.reason}`],
    ),
  ]);
  const head = ["LINK", "TOPIC", "PARTITION", "STATE", "NEXT", "END", "LAG", "AGE", "RECORDS/S"];
  return [table(head, rows), ...notes].join("\n");
}

function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

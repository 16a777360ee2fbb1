/** Which part of the lag was asked for. */

import type { LinkLag } from "../../control/lag.ts";
import { linkPath, withQuery } from "../api-paths.ts";

export interface LagScope {
  /** Undefined: all links. */
  readonly link?: string | undefined;
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
}

/** Where the API answers it. */
export function lagPath({ link, topic, partition }: LagScope): string {
  return withQuery(link === undefined ? "/v1/lag" : `${linkPath(link)}/lag`, { topic, partition });
}

/** What of a link's lag is in scope, with its total; null for another link. */
export function narrowed(lag: LinkLag, { link, topic, partition }: LagScope): LinkLag | null {
  if (link !== undefined && link !== lag.link) return null;
  if (topic === undefined && partition === undefined) return lag;
  const partitions = lag.partitions.filter(
    (each) => (topic ?? each.topic) === each.topic && (partition ?? each.partition) === each.partition,
  );
  const isUnknown = partitions.length === 0 && lag.total.lagRecords === null;
  return { ...lag, partitions, total: isUnknown ? lag.total : totalOf(partitions) };
}

/** The sum of the records and the highest age; null as soon as one is not known. */
export function totalOf(parts: readonly LinkLag["total"][]): LinkLag["total"] {
  return parts.reduce<LinkLag["total"]>(
    (total, { lagRecords, lagMs }) => ({
      lagRecords: total.lagRecords === null || lagRecords === null ? null : total.lagRecords + lagRecords,
      lagMs: total.lagMs === null || lagMs === null ? null : Math.max(total.lagMs, lagMs),
    }),
    { lagRecords: 0, lagMs: 0 },
  );
}

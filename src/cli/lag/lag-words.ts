/** The lag in words. */

import type { LinkLag, PartitionLag } from "../../control/lag.ts";
import { printable } from "../printable.ts";
import { count, duration } from "../quantity.ts";

/** How far behind; "not known" where it is null. */
export function totalWords({ lagRecords, lagMs }: LinkLag["total"]): string {
  if (lagRecords === null) return "lag not known";
  if (lagRecords === 0) return "nothing behind";
  const age = lagMs === null ? "" : `, the oldest ${duration(lagMs)} old`;
  return `${count(lagRecords)} records behind${age}`;
}

/** One line about one partition. */
export function partitionLine(link: string, each: PartitionLag): string {
  const reason = each.reason === null ? "" : `: ${printable(each.reason).replaceAll(/\s*\n\s*/g, " ")}`;
  return `${link} ${each.topic}/${each.partition} ${each.state}, ${totalWords(each)}${reason}`;
}

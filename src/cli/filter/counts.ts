/** What filters did to records, counted. */

import type { FilteredRecord } from "../../preview/protocol.ts";
import { table } from "../table.ts";

export interface Counts {
  readonly read: number;
  readonly kept: number;
  readonly replaced: number;
  readonly dropped: number;
  readonly failed: number;
  /** Records by filter, then by the path that was changed in them. */
  readonly changed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same of filters that only look on. */
  readonly monitored: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function countOutcomes(records: readonly FilteredRecord[]): Counts {
  const of = (outcome: FilteredRecord["outcome"]) => records.filter((record) => record.outcome === outcome).length;
  return {
    read: records.length,
    kept: of("keep"),
    replaced: of("replace"),
    dropped: of("drop"),
    failed: of("fail"),
    changed: byName(records.map(({ changed }) => changed)),
    monitored: byName(records.map(({ monitored }) => monitored)),
  };
}

/** A table of what was changed, where something was, and a sentence. */
export function countsText({ read, kept, replaced, dropped, failed, changed, monitored }: Counts): string {
  if (read === 0) return "no records to put through the filters";
  const rows = [...rowsOf(changed, "changed"), ...rowsOf(monitored, "would be")];
  const sentence = `${read} ${read === 1 ? "record" : "records"}: ${kept} kept, ${replaced} replaced, ${dropped} dropped, ${failed} failed`;
  return [...(rows.length === 0 ? [] : [table(["FILTER", "PATH", "", "RECORDS"], rows), ""]), sentence].join("\n");
}

function rowsOf(counts: Counts["changed"], how: string): [string, string, string, number][] {
  return Object.entries(counts).flatMap(([filter, paths]) =>
    Object.entries(paths).map(([path, count]): [string, string, string, number] => [filter, path, how, count]),
  );
}

function byName(all: readonly Readonly<Record<string, readonly string[]>>[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const [filter, names] of all.flatMap((each) => Object.entries(each))) {
    counts[filter] ??= {};
    const ofFilter = counts[filter];
    for (const name of names) ofFilter[name] = (ofFilter[name] ?? 0) + 1;
  }
  return counts;
}

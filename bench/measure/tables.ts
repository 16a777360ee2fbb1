/** Results as Markdown. */

import type { Lane } from "../lanes/lane.ts";
import type { Latency } from "./latency.ts";
import type { Load } from "./load.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import type { Throughput } from "./throughput.ts";

/** What each round gave; an error where it failed. */
export type Outcomes<Result> = readonly (Result | Error)[];

export interface LoadResult {
  readonly load: Load;
  readonly outcomes: ReadonlyMap<Lane, Outcomes<Throughput>>;
}

const NOTHING = "-";

export function describeLoad({ bytes, compression }: Pick<Load, "bytes" | "compression">): string {
  return `${bytes === 1024 ? "1 KB" : `${bytes} B`}, ${compression === "none" ? "uncompressed" : compression}`;
}

/** A row for each lane, and below the table what failed. */
export function throughputTable({ load, outcomes }: LoadResult): string {
  const cells: [head: string, digits: number, pick: (result: Throughput) => number][] = [
    ["records/s", 0, (result) => result.recordsPerSecond],
    ["MB/s", 1, (result) => result.megabytesPerSecond],
    ["CPU us/record", 2, (result) => result.cpuMicrosPerRecord],
    ["with its start", 2, (result) => result.cpuMicrosPerRecordWithStart],
    ["CPU ms/MB", 2, (result) => result.cpuMillisPerMegabyte],
    ["peak memory MB", 0, (result) => result.peakMegabytes],
    ["first record s", 1, (result) => result.firstRecordSeconds],
  ];
  const rows = [...outcomes].map(([{ label }, all]) => {
    const results = succeeded(all);
    return results.length === 0
      ? [label, "failed", ...cells.slice(1).map(() => NOTHING)]
      : [label, ...cells.map(([, digits, pick]) => cell(spreadOf(results.map(pick)), digits))];
  });
  const title = `### ${describeLoad(load)}: ${load.records.toLocaleString("en")} records`;
  return [title, table(["", ...cells.map(([head]) => head)], rows), ...failures(outcomes)].join("\n\n");
}

/** How many times as fast, and at how much of the processor time, `lane` is against `base`, round by round. */
export function ratioTable(lane: Lane, base: Lane, all: readonly LoadResult[]): string {
  const rows = all.map(({ load, outcomes }) => {
    const pairs = (outcomes.get(lane) ?? []).flatMap((ours, round) => {
      const theirs = outcomes.get(base)?.[round];
      return ours instanceof Error || theirs === undefined || theirs instanceof Error ? [] : [{ ours, theirs }];
    });
    const cells = [
      pairs.map(({ ours, theirs }) => ours.recordsPerSecond / theirs.recordsPerSecond),
      pairs.map(({ ours, theirs }) => theirs.cpuMicrosPerRecord / ours.cpuMicrosPerRecord),
      pairs.map(({ ours, theirs }) => theirs.peakMegabytes / ours.peakMegabytes),
    ];
    return [describeLoad(load), ...cells.map((ratios) => cell(spreadOf(ratios), 1))];
  });
  const title = `### ${lane.label} against ${base.label}`;
  return [title, table(["", "times the records/s", "times less CPU", "times less memory"], rows)].join("\n\n");
}

/** Rows are lanes, or what is measured without one. */
export function latencyTable(outcomes: ReadonlyMap<{ readonly label: string }, Outcomes<readonly Latency[]>>): string {
  const rates = succeeded([...outcomes.values()].flat())[0]?.map(({ recordsPerSecond }) => recordsPerSecond) ?? [];
  const rows = [...outcomes].map(([{ label }, all]) => {
    const results = succeeded(all);
    const cells = rates.flatMap((_, index) => {
      const at = results.flatMap((result) => result[index] ?? []);
      return [
        cell(spreadOf(at.map(({ p50Ms }) => p50Ms)), 1),
        cell(spreadOf(at.map(({ p99Ms }) => p99Ms)), 1),
        cell(spreadOf(at.map(({ cpuPercent }) => cpuPercent)), 0),
      ];
    });
    return [label, ...(results.length === 0 ? ["failed", ...cells.slice(1)] : cells)];
  });
  const heads = rates.flatMap((rate) => {
    const at = `${rate.toLocaleString("en")}/s`;
    return [`${at}: p50 ms`, "p99 ms", "% of a core"];
  });
  return ["### Latency", table(["", ...heads], rows), ...failures(outcomes)].join("\n\n");
}

function succeeded<Result>(all: Outcomes<Result>): Result[] {
  return all.filter((outcome): outcome is Result => !(outcome instanceof Error));
}

function failures(outcomes: ReadonlyMap<{ readonly label: string }, Outcomes<unknown>>): string[] {
  const lines = [...outcomes].flatMap(([{ label }, all]) =>
    all.flatMap((outcome, round) =>
      outcome instanceof Error ? [`- ${label} failed in round ${round + 1}: ${oneLine(outcome.message)}`] : [],
    ),
  );
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function cell({ median, lowest, highest }: Spread, digits: number): string {
  if (!Number.isFinite(median)) return NOTHING;
  const show = (value: number) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return lowest === highest ? show(median) : `${show(median)} (${show(lowest)} - ${show(highest)})`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").replaceAll("|", "/").slice(0, 300);

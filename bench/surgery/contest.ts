/** Compares what a filter costs with what else one would do, on the same records. */

import process from "node:process";
import type { FilterContext, RecordFilter } from "../../src/mod.ts";
import { spreadOf } from "../measure/statistics.ts";

export const RECORDS = 20_000;
/** How often all records are gone through in a round. */
const REPEATS = 10;

/** Makes the bytes of the record with that number, below {@link RECORDS}, into others. */
export type Way = (index: number) => Uint8Array;

export interface Contest {
  readonly title: string;
  /** Of a record, on the average. */
  readonly bytes: number;
  readonly filter: Way;
  /** The usual way to the same result; null where there is none to compare with. */
  readonly library: { readonly name: string; readonly way: Way } | null;
}

export interface Outcome {
  /** Microseconds of CPU a record, one figure for each round. */
  readonly filter: readonly number[];
  readonly library: readonly number[];
}

/** Checks that both ways give the same bytes, and measures them by turns. */
export function hold({ title, filter, library }: Contest, rounds: number): Outcome {
  if (library !== null) {
    for (let index = 0; index < RECORDS; index++) {
      if (Buffer.compare(filter(index), library.way(index)) !== 0) throw new Error(`${title}: record ${index} differs`);
    }
  }
  const outcome = { filter: [] as number[], library: [] as number[] };
  const turns: (() => void)[] = [() => outcome.filter.push(microsecondsPerRecord(filter))];
  if (library !== null) turns.push(() => outcome.library.push(microsecondsPerRecord(library.way)));
  for (const turn of turns) turn(); // what compiling costs counts for nobody
  outcome.filter.length = 0;
  outcome.library.length = 0;
  for (let round = 0; round < rounds; round++) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) turn();
  }
  return outcome;
}

/** A row of a Markdown table: what, bytes, filter, library, how many times. */
export function row({ title, bytes, library }: Contest, outcome: Outcome): string {
  const ratios = outcome.filter.map((spent, round) => spent / (outcome.library[round] ?? Number.NaN));
  const compared = library === null ? "" : `${figures(outcome.library)} (${library.name})`;
  return `| ${title} | ${bytes.toFixed(0)} | ${figures(outcome.filter)} | ${compared} | ${library === null ? "" : figures(ratios)} |`;
}

function figures(values: readonly number[]): string {
  const { median, lowest, highest } = spreadOf(values);
  return `${median.toFixed(2)} (${lowest.toFixed(2)} - ${highest.toFixed(2)})`;
}

/** CPU time of all threads, so that the collector counts, and what else the machine does does not. */
function microsecondsPerRecord(way: Way): number {
  let bytes = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < REPEATS; i++) for (let index = 0; index < RECORDS; index++) bytes += way(index).length;
  const { user, system } = process.cpuUsage(before);
  if (bytes === 0) throw new Error("no output");
  return (user + system) / (REPEATS * RECORDS);
}

/** A filter at work on values: a copy where it changes one, the value itself where it does not. */
export function wayOf(filter: RecordFilter, values: readonly Uint8Array[]): Way {
  const records = values.map((value, offset) => {
    return { topic: "orders", partition: 0, offset, timestamp: -1, key: null, value, headers: [] };
  });
  return (index) => {
    const record = records[index]!;
    const result = filter.apply(record);
    if (result instanceof Promise || result.verb === "drop") throw new Error("not an answer for this record");
    return (result.verb === "replace" ? result.value : record.value) ?? new Uint8Array();
  };
}

/** Views of one piece of memory, as the records of a batch are. */
export function viewsOf(values: readonly Uint8Array[]): Buffer[] {
  const memory = Buffer.concat(values);
  let end = 0;
  return values.map(({ length }) => {
    end += length;
    return memory.subarray(end - length, end);
  });
}

export const meanBytes = (values: readonly Uint8Array[]) =>
  values.reduce((sum, { length }) => sum + length, 0) / values.length;

/** What filters that need neither files nor secrets are made with. */
export const CONTEXT: FilterContext = {
  link: "bench",
  mapping: "orders",
  topic: "orders",
  destinationTopic: "orders",
  registries: { source: null, destination: null },
  file: () => Promise.reject(new Error("no files here")),
  secret: () => Promise.reject(new Error("no secrets here")),
};

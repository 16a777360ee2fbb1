/** What can be chosen on the command line. */

import { parseArgs } from "node:util";
import type { Compression } from "../test/support/record-batch.ts";
import { LANES } from "./lanes/all-lanes.ts";
import type { Lane } from "./lanes/lane.ts";
import type { LatencyOptions } from "./measure/latency.ts";
import type { RecordBytes } from "./orders.ts";

export interface BenchOptions {
  /** Of 190 bytes; of 1024 bytes half as many. */
  readonly records: number;
  readonly rounds: number;
  readonly lanes: readonly Lane[];
  readonly compressions: readonly Compression[];
  readonly sizes: readonly RecordBytes[];
  readonly throughput: boolean;
  /** Null: not measured. */
  readonly latency: Omit<LatencyOptions, "id"> | null;
  /** Whether a run that does not count comes before the rounds of each kind of load. */
  readonly warmUp: boolean;
  /** Whether the tables go into docs/benchmarks.md. */
  readonly write: boolean;
}

const USAGE = `bun run bench [options]

  --records N          records of 190 bytes to copy; of 1 KB half as many (2000000)
  --rounds N           rounds, alternating between what is compared (3)
  --only NAME[,NAME]   of ${LANES.map(({ name }) => name).join(", ")}
  --compression KIND   none or zstd (both)
  --size BYTES         190 or 1024 (both)
  --no-throughput      only latency
  --no-latency         only throughput
  --quick              100000 records, one round, seconds instead of minutes of latency; says whether it works, no more
  --write              puts the tables into docs/benchmarks.md
`;

/** Reads the command line; ends the process for what it does not understand. */
export function benchOptions(): BenchOptions {
  try {
    return parse();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function parse(): BenchOptions {
  const { values } = parseArgs({
    options: {
      records: { type: "string" },
      rounds: { type: "string" },
      only: { type: "string" },
      compression: { type: "string" },
      size: { type: "string" },
      "no-throughput": { type: "boolean", default: false },
      "no-latency": { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const { quick } = values;
  return {
    records: positive("--records", values.records ?? (quick ? "100000" : "2000000")),
    rounds: positive("--rounds", values.rounds ?? (quick ? "1" : "3")),
    lanes: (values.only?.split(",") ?? LANES.map(({ name }) => name)).map(laneNamed),
    compressions: chosen("--compression", values.compression, ["none", "zstd"] as const),
    sizes: chosen("--size", values.size, [190, 1024] as const),
    throughput: !values["no-throughput"],
    latency: values["no-latency"] ? null : { warmUpSeconds: quick ? 2 : 5, seconds: quick ? 3 : 15 },
    warmUp: !quick,
    write: values.write,
  };
}

function laneNamed(name: string): Lane {
  const lane = LANES.find((each) => each.name === name);
  if (lane === undefined) throw new Error(`--only: there is no ${name}`);
  return lane;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`${option} takes a whole number above 0, not ${text}`);
  return number;
}

/** One of `all`, or all where nothing was given. */
function chosen<T extends string | number>(option: string, text: string | undefined, all: readonly T[]): readonly T[] {
  if (text === undefined) return all;
  const found = all.filter((each) => String(each) === text);
  if (found.length === 0) throw new Error(`${option} takes ${all.join(" or ")}, not ${text}`);
  return found;
}

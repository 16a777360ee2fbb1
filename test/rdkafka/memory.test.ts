import { expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MockCluster } from "../../src/rdkafka/mock-cluster.ts";
import { produce } from "../support/produce.ts";
import type { Round } from "./copy-in-circles.ts";
import { openContext } from "./suite/binding-case.ts";

setDefaultTimeout(300_000);

/** The mock cluster keeps 5 MB of a partition, so a round is smaller. */
const RECORDS_PER_ROUND = 20_000;
/** Until caches, pools and the garbage collector have got what they want. */
const WARM_UP_ROUNDS = 20;
const ROUNDS = 100;
const RECORDS = RECORDS_PER_ROUND * ROUNDS;

test("2 million records pass without resident memory growing, and records that filters keep stay intact", async () => {
  // In this process, so that the memory of the brokers is not the one that is measured.
  const context = await openContext("");
  const cluster = new MockCluster(context.library, context.wakeup);
  cluster.createTopic("source", 1);
  cluster.createTopic("destination", 1);
  const records = Array.from({ length: RECORDS_PER_ROUND }, (_, offset) => ({
    key: `${offset} is the key`,
    value: `${offset} ${"is the value ".repeat(10)}`,
    headers: [["header", `${offset} is the header`]] as const,
  }));
  await produce({ bootstrap: cluster.bootstrap, control: null, close: async () => {} }, "source", records);

  const rounds = await copyInCircles(cluster.bootstrap, WARM_UP_ROUNDS + ROUNDS);
  cluster.close();
  context.close();

  expect(rounds.map(({ spoiled }) => spoiled)).toEqual(Array(WARM_UP_ROUNDS + ROUNDS).fill(0));
  const measured = rounds.slice(WARM_UP_ROUNDS).map(({ residentBytes }) => residentBytes);
  const third = Math.floor(ROUNDS / 3);
  // From the middle of the first third to the middle of the last two thirds of all records pass.
  const growth = (median(measured.slice(-third)) - median(measured.slice(0, third))) * 1.5;
  expect(growth / RECORDS, "bytes of growth a record").toBeLessThan(4);
});

/** Runs the copy in a process of its own. */
function copyInCircles(bootstrap: string, rounds: number): Promise<Round[]> {
  const script = join(import.meta.dirname, "copy-in-circles.ts");
  const args = [script, bootstrap, "source", "destination", String(RECORDS_PER_ROUND), String(rounds)];
  // Each round's clients have threads of their own, and to a new thread glibc gives an arena of its own where others are in
  // use: what is free in those comes and goes by tens of megabytes, which would hide a leak.
  const env = { ...process.env, MALLOC_ARENA_MAX: "1" };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const printed: Round[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => printed.push(JSON.parse(line)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`the copying process ended with ${code} after ${printed.length} rounds`));
    });
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

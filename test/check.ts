/**
 * `bun run check`: everything a commit has to pass, on a machine that has nothing yet. Prepares what the tests need
 * (librdkafka, Kafka), then format and lint, types, tests. Ends with the line `N passed, N failed, N skipped`.
 */

import { spawn } from "node:child_process";
import { openLibrary } from "../src/rdkafka/library.ts";
import { kafkaJars } from "./support/kafka/jars.ts";

/** A test that waits for brokers may take this long before it counts as hanging. */
const TEST_TIMEOUT_MS = 180_000;

/** Of a failed test so many lines are repeated at the end. */
const LINES_OF_A_FAILURE = 60;

const MIRRORS = "test/end-to-end/mirror/";
const OWN_BROKERS = `${MIRRORS}own-brokers/`;
const without = (...folders: readonly string[]) => folders.flatMap((each) => ["--path-ignore-patterns", `${each}**`]);
/** What strait is as a whole: processes, packages, pages. */
const WHOLE = ["test/end-to-end/", "test/packaging/", "test/dashboard/", "test/docs/"] as const;
/** What `bun test` is told to run and to leave out; together all there is. */
const SHARDS: readonly (readonly [title: string, args: readonly string[]])[] = [
  ["mirrors on brokers of their own", [OWN_BROKERS]],
  ["mirrors on the brokers of the run", [MIRRORS, ...without(OWN_BROKERS)]],
  ["strait as a whole", [...WHOLE, ...without(MIRRORS)]],
  ["all else", without(...WHOLE)],
];

const library = await openLibrary();
process.stdout.write(`librdkafka ${library.version}\n`);
await kafkaJars();

await step("format and lint", "biome", ["ci", "--reporter=summary", "."]);
await step("types", "tsc", ["-p", "."]);
// What runs in browsers knows other globals.
for (const folder of ["src/dashboard/client", "src/control/openapi/reader"]) {
  await step(`types of ${folder}`, "tsc", ["-p", folder]);
}
// All at a time: most of the time tests wait for brokers.
const outcomes = await Promise.all(
  SHARDS.map(([title, args]) =>
    step(title, "bun", ["test", "--timeout", String(TEST_TIMEOUT_MS), ...args], { mayFail: true }),
  ),
);
const failures = outcomes.flatMap(({ output }) => failuresIn(output));
if (failures.length > 0) process.stdout.write(`\n== what failed, once more\n${failures.join("\n")}\n`);
const counts = outcomes.map(summaryOf);
const sum = (word: "passed" | "failed" | "skipped") => counts.reduce((total, count) => total + count[word], 0);
process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
process.exit(sum("failed") === 0 && counts.every(({ exitCode }) => exitCode === 0) ? 0 : 1);

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a command, shows what it prints, and ends the check when it fails, unless it may. */
async function step(
  title: string,
  command: string,
  args: readonly string[],
  { mayFail = false } = {},
): Promise<Outcome> {
  process.stdout.write(`\n== ${title}\n`);
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  process.stdout.write(`-- ${title}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  if (exitCode !== 0 && !mayFail) {
    process.stdout.write(`\n${title} failed\n0 passed, 1 failed, 0 skipped\n`);
    process.exit(1);
  }
  return { exitCode, output };
}

/** Each failed test with what was printed since the one before it: its errors. */
function failuresIn(output: string): string[] {
  const failures: string[] = [];
  let since: string[] = [];
  // What follows is the list of failed tests, with nothing of why.
  const [tests = ""] = output.split(/^\d+ tests? failed:$/m);
  for (const line of tests.split("\n")) {
    since.push(line);
    if (line.startsWith("(fail)")) failures.push(since.slice(-LINES_OF_A_FAILURE).join("\n"));
    if (/^\((pass|fail|skip)\)/.test(line)) since = [];
  }
  return failures;
}

/** What `bun test` sums up at its end: a line for each of pass, skip and fail. A run that broke off counts as failed. */
function summaryOf({ exitCode, output }: Outcome) {
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
  const [passed, failed, skipped] = [count("pass"), count("fail"), count("skip")];
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped, exitCode };
}

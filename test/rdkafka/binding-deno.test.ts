import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { allCases } from "./suite/all-cases.ts";
import type { CaseResult } from "./suite/run-in-child.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROOT = join(import.meta.dirname, "..", "..");

/** What strait needs on Deno. The wake-up socket is a Unix socket of a random name, which --allow-net cannot name. */
const PERMISSIONS = [
  "--allow-ffi",
  "--allow-read",
  "--allow-env",
  "--allow-sys",
  "--allow-net",
  `--allow-write=${tmpdir()}`,
];

let deno: ChildProcess;
/** Settles each case by its title when its line arrives, or all that are left when Deno ends. */
const results = new Map(allCases.map(({ title }) => [title, Promise.withResolvers<CaseResult>()]));

beforeAll(async () => {
  const { bootstrap } = (await clusters()).east;
  const options = ["--quiet", "--no-prompt", "--no-lock", "--cached-only", "--node-modules-dir=manual"];
  deno = spawn(
    join(ROOT, "node_modules", ".bin", "deno"),
    ["run", ...options, "--v8-flags=--expose-gc", ...PERMISSIONS, "test/rdkafka/suite/run-in-child.ts"],
    { cwd: ROOT, env: { ...process.env, STRAIT_TEST_BOOTSTRAP: bootstrap }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  deno.stderr?.on("data", (text) => {
    errors += text;
  });
  createInterface({ input: deno.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    const result: CaseResult = JSON.parse(line);
    results.get(result.title)?.resolve(result);
  });
  const ended = (why: string) => {
    for (const [title, { resolve }] of results) resolve({ title, failure: `${why} before this case: ${errors}` });
  };
  deno.once("error", (error) => ended(`Deno could not be started (${error.message})`));
  deno.once("close", (code, signal) => ended(`Deno ended with ${signal ?? code}`));
});
afterAll(() => deno?.kill());

for (const [title, { promise }] of results) {
  test(`on Deno, ${title}`, async () => {
    expect((await promise).failure).toBeNull();
  });
}

test("Deno ends by itself when everything is closed", async () => {
  await Promise.all([...results.values()].map(({ promise }) => promise));
  if (deno.exitCode === null) await new Promise((resolve) => deno.once("close", resolve));

  expect(deno.exitCode).toBe(0);
});

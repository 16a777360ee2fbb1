/** Runs a copy loop as a process. */

import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CopyJob, RunningLane } from "./lane.ts";

/** Starts `script` with Bun; it gets the job as JSON in its one argument and copies until it is killed. */
export async function startCopyLoop(script: string, job: CopyJob): Promise<RunningLane> {
  const folder = mkdtempSync(join(tmpdir(), "strait-bench-"));
  const log = join(folder, "log");
  const out = openSync(log, "a");
  // A pipe as standard input ends when this process does, and the loop with it.
  const child = spawn(process.execPath, [join(import.meta.dirname, script), JSON.stringify(job)], {
    stdio: ["pipe", out, out],
  });
  closeSync(out);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`ended with ${signal ?? code}: ${problemIn(log)}`)));
  });
  failed.catch(() => {}); // whoever awaits it gets it; a stop is no failure
  await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  return {
    pid: child.pid as number,
    destinationTopic: job.destinationTopic,
    failed,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** For a loop: its job. The loop ends with whoever started it. */
export function givenJob(): CopyJob {
  process.stdin.on("end", () => process.exit(0)).resume();
  return JSON.parse(process.argv[2] ?? "") as CopyJob;
}

/** The line that says what went wrong, or the last one. */
function problemIn(log: string): string {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.find((line) => /^\w*error: /i.test(line)) ?? lines.at(-1) ?? "without a word";
}

/** A thread of the filter host that ends it once the runner is gone, also while a filter keeps it from noticing that. */

import process from "node:process";
import { isMainThread, workerData } from "node:worker_threads";

const INTERVAL_MS = 500;

if (!isMainThread) {
  const { parent } = workerData as { readonly parent: number };
  setInterval(() => {
    // A process whose parent has ended gets another one.
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, INTERVAL_MS);
}

/** What the control process uses, by the names that every dashboard knows, and what it is. */

import { STRAIT_VERSION } from "../../version.ts";
import type { Exposition, Metric } from "./exposition.ts";

const BUILD: Metric = {
  name: "strait_build_info",
  type: "gauge",
  help: "Always 1; the labels say what runs.",
  labels: ["version", "runtime"],
};
const START: Metric = {
  name: "process_start_time_seconds",
  type: "gauge",
  help: "When the control process started, seconds since the epoch.",
  labels: [],
};
const CPU: Metric = {
  name: "process_cpu_seconds_total",
  type: "counter",
  help: "Processor time of the control process, in seconds. Runners are processes of their own.",
  labels: [],
};
const MEMORY: Metric = {
  name: "process_resident_memory_bytes",
  type: "gauge",
  help: "Resident memory of the control process, in bytes.",
  labels: [],
};

export function addProcess(exposition: Exposition): void {
  const { user, system } = process.cpuUsage();
  exposition.add(BUILD, [[[STRAIT_VERSION, runtime()], 1]]);
  exposition.add(START, [[[], Math.round(Date.now() / 1_000 - process.uptime())]]);
  exposition.add(CPU, [[[], (user + system) / 1_000_000]]);
  exposition.add(MEMORY, [[[], process.memoryUsage.rss()]]);
}

function runtime(): string {
  const { bun, deno } = process.versions;
  return bun !== undefined ? `bun ${bun}` : `deno ${deno ?? "unknown"}`;
}

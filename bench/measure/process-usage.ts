/** What a process has used, from proc(5). */

import { readFileSync } from "node:fs";

export interface ProcessUsage {
  /** Of all its threads since its start, in user and kernel mode. Counted in hundredths. */
  readonly cpuSeconds: number;
  /** The most resident memory it ever had; 10^6 bytes. */
  readonly peakMegabytes: number;
}

/** USER_HZ, 100 on every Linux architecture Bun runs on. */
const TICKS_PER_SECOND = 100;

/** Throws where there is no such process. */
export function processUsage(pid: number): ProcessUsage {
  // The fields behind the command name, which is in parentheses and may hold spaces: utime and stime are 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakMegabytes: (Number(peak) * 1024) / 1e6 };
}

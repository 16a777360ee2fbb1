/** How much memory another process takes. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import process from "node:process";

/** Resident bytes of a process; null where nobody says so, as of one that has ended. */
export async function residentBytes(pid: number, platform: string = process.platform): Promise<number | null> {
  const kilobytes = platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  return kilobytes === null ? null : kilobytes * 1024;
}

/** From proc(5), /proc/PID/status. Not from statm, which counts pages and does not say how large they are. */
async function fromProc(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return found === null ? null : Number(found[1]);
}

/** From ps(1), as POSIX and macOS have it. */
function fromPs(pid: number): Promise<number | null> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) => {
      const kilobytes = Number.parseInt(output.trim(), 10);
      resolve(error || !Number.isFinite(kilobytes) ? null : kilobytes);
    });
  });
}

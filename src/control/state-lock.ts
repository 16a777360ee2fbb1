/** One server per state directory: a lock file that names the process holding it. */

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, StraitError } from "../model/errors.ts";

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one that got the same id (always 1 in a container); null where unknown. */
  readonly started: string | null;
}

/**
 * Takes the lock and returns how to give it back. A lock whose process is gone is taken over. Throws `conflict`, naming
 * the process, where it is alive.
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, "lock");
  const own: Holder = { pid: process.pid, started: startOf(process.pid) };
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: "wx", mode: 0o600 });
      return () => release(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new StraitError("configuration", `cannot write to ${directory}: ${messageOf(error)}`, { cause: error });
      }
    }
    const holder = holderOf(file);
    if (holder !== null && isAlive(holder)) {
      throw new StraitError(
        "conflict",
        `another strait (process ${holder.pid}) uses ${directory}; stop it or choose another directory with --state`,
      );
    }
    release(file);
  }
  throw new StraitError("conflict", `another strait is starting on ${directory}`);
}

function holderOf(file: string): Holder | null {
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) as Partial<Holder>;
    return typeof content.pid === "number" ? { pid: content.pid, started: content.started ?? null } : null;
  } catch {
    return null; // gone meanwhile, or written halfway by a process that died: nobody holds it
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const started = startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

/** When the kernel started a process, in its own units (proc(5), field 22 of /proc/PID/stat); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null; // no /proc on this system
  }
}

function release(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Starts a module in a process of its own: the one place where strait starts itself. */

import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isExecutable } from "./packaging/is-executable.ts";

/**
 * What Bun (1.4.5) would do at the start of each process. `.env` in the working directory: a process that is given few
 * variables would find more in it; what it may know of them is in `env`. Packages: where no folder above has
 * `node_modules`, those that a filter file names would be downloaded and run. An executable is made without either.
 */
const WITHOUT = ["--no-env-file", "--no-install"];

/**
 * Forks a module, to be spoken to by JSON messages. Throws where no process can be started. An executable is started once
 * more, with the place of the module inside as its first argument (src/executable.ts). Deno gives the process all permissions
 * (`-A`, 2.9.6), whatever it has itself.
 */
export function forkModule(module: URL, args: readonly string[], options: ForkOptions): ChildProcess {
  const execArgv = "Bun" in globalThis && !isExecutable() ? WITHOUT : [];
  return fork(fileURLToPath(module), args, { serialization: "json", execArgv, ...options });
}

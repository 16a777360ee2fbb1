/**
 * What an executable begins with (`bun run compile`). It is the command line and every process that strait starts: forking
 * it gives it the place of a module as its first argument, as a runtime would be given.
 */

import process from "node:process";
import { fileURLToPath } from "node:url";
import { OWN_PROCESSES } from "./own-modules.ts";

const PROCESSES: Record<keyof typeof OWN_PROCESSES, () => Promise<{ main(): void }>> = {
  runner: () => import("./runner/main.ts"),
  filterHost: () => import("./runner/isolation/host-main.ts"),
  filterInspector: () => import("./runner/filter-inspector.ts"),
  previewer: () => import("./preview/main.ts"),
  verifier: () => import("./verify/main.ts"),
};

const [, , module] = process.argv;
const name = (Object.keys(PROCESSES) as (keyof typeof PROCESSES)[]).find(
  (each) => fileURLToPath(OWN_PROCESSES[each]) === module,
);
if (name === undefined) await import("./cli.ts");
else {
  // As a runtime gives them: what runs, the module, then its own arguments.
  process.argv.splice(1, 1);
  (await PROCESSES[name]()).main();
}

/**
 * The long run of schemathesis: all phases and checks against a strait with stand-in clusters, once with
 * names of its own and once with those of what is there. Further arguments are for
 * schemathesis itself. Run: bun test/schemathesis/run.ts [--max-examples N] [--seed N] ...
 */

import { fuzz, THINGS_THERE } from "./fuzz.ts";
import { findSchemathesis } from "./installation.ts";

const found = findSchemathesis();
if ("missing" in found) {
  console.error(`schemathesis cannot be installed: ${found.missing}`);
  process.exit(1);
}
const args = ["--continue-on-failure", "--max-examples", "100", ...process.argv.slice(2)];
const common = { executable: found.executable, output: "inherit" } as const;
const all = await fuzz({ ...common, args });
// Names that are made up seldom are those of something; and what is there must stay.
const there = await fuzz({ ...common, args: [...args, "--exclude-method", "DELETE"], parameters: THINGS_THERE });
process.exit(all.exitCode || there.exitCode);

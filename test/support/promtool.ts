/** Prometheus's own tool, where there is one. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Names an executable; `apt-get install prometheus` puts one into the PATH. */
const VARIABLE = "STRAIT_TEST_PROMTOOL";

/** Null where there is none. Throws where the variable names none. */
export function promtoolPath(): string | null {
  const named = process.env[VARIABLE];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`${VARIABLE} names ${named}, where there is nothing`);
  }
  return Bun.which("promtool");
}

/** Runs it. What it says is empty where it is content, and where there is none of it. */
export function promtool(args: readonly string[], input = ""): { readonly exitCode: number; readonly says: string } {
  const { status, stdout, stderr } = spawnSync(promtoolPath() ?? "promtool", args, { input, encoding: "utf8" });
  return { exitCode: status ?? -1, says: `${stdout ?? ""}${stderr ?? ""}` };
}

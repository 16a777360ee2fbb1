/** Finds schemathesis, or installs it from PyPI into a virtual environment in the user's cache. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export const SCHEMATHESIS_VERSION = "4.32.5";

/** Names an executable to use in place of an installation of our own. */
export const VARIABLE = "STRAIT_TEST_SCHEMATHESIS";

/**
 * The path of the executable. Installs it where it is missing, which takes half a minute and needs PyPI. Throws where the
 * variable names none; returns why not where there is no Python, or nothing to install from.
 */
export function findSchemathesis(): { readonly executable: string } | { readonly missing: string } {
  const named = process.env[VARIABLE];
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`${VARIABLE} names ${named}, which does not exist`);
    return { executable: named };
  }
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const environment = join(cache, "strait", `schemathesis-${SCHEMATHESIS_VERSION}`);
  const executable = join(environment, "bin/schemathesis");
  if (existsSync(executable)) return { executable };
  mkdirSync(join(cache, "strait"), { recursive: true });
  const steps = [
    ["python3", "-m", "venv", environment],
    [join(environment, "bin/pip"), "install", "--quiet", `schemathesis==${SCHEMATHESIS_VERSION}`],
  ];
  for (const [command = "", ...args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    if (status === 0) continue;
    rmSync(environment, { recursive: true, force: true });
    return { missing: `${[command, ...args].join(" ")}: ${error?.message ?? stderr}` };
  }
  return { executable };
}

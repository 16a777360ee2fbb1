/** The jars of MirrorMaker 2, downloaded once from Maven Central. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The version in pom.xml, which is that of the tests' brokers; it names the cache folder. */
export const MIRRORMAKER_VERSION = "4.1.1";

/** The folder with the jars, `${XDG_CACHE_HOME:-~/.cache}/strait/mirrormaker-<version>`, filled by Maven on first use. */
export async function mirrormakerJars(): Promise<string> {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const target = join(cache, "strait", `mirrormaker-${MIRRORMAKER_VERSION}`);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const partial = await mkdtemp(`${target}.`);
  try {
    console.error(`downloading MirrorMaker ${MIRRORMAKER_VERSION} into ${target} ...`);
    await copyDependencies(partial);
    await rename(partial, target); // one step, so the folder is either complete or absent
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

function copyDependencies(folder: string): Promise<void> {
  const pom = join(import.meta.dirname, "pom.xml");
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${folder}`];
  return new Promise((resolve, reject) => {
    const child = spawn("mvn", ["-q", "-B", "-f", pom, ...goal], { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (cause) => reject(new Error("cannot run mvn: install Maven", { cause })));
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`mvn ended with status ${code}`))));
  });
}

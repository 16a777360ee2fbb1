/** The jars of Apache Kafka, downloaded once from Maven Central. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The version in pom.xml; it names the cache folder. */
const KAFKA_VERSION = "4.1.1";

/** The folder with the jars, `${XDG_CACHE_HOME:-~/.cache}/strait/kafka-<version>`, filled by Maven on first use. */
export async function kafkaJars(): Promise<string> {
  const target = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "strait", `kafka-${KAFKA_VERSION}`);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const partial = await mkdtemp(`${target}.`);
  try {
    console.error(`downloading Apache Kafka ${KAFKA_VERSION} for tests into ${target} ...`);
    await maven("dependency:copy-dependencies", `-DoutputDirectory=${partial}`);
    await rename(partial, target); // one step, so the folder is either complete or absent
  } catch (error) {
    if (!existsSync(target)) throw error; // otherwise another test run finished it meanwhile
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

function maven(...goal: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const pom = join(import.meta.dirname, "pom.xml");
    const child = spawn("mvn", ["-q", "-B", "-f", pom, ...goal], { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (cause) =>
      reject(new Error("cannot run mvn: install Maven and a JDK (17 or newer)", { cause })),
    );
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`mvn ended with status ${code}`))));
  });
}

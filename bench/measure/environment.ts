/** Where and with what a benchmark ran. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { openLibrary } from "../../src/rdkafka/library.ts";
import { STRAIT_VERSION } from "../../src/version.ts";
import { kafkaJars } from "../../test/support/kafka/jars.ts";
import { dockerAnswers } from "../../test/support/redpanda.ts";
import { MIRRORMAKER_VERSION } from "../mirrormaker/jars.ts";

/** The machine, and how busy it was with other things before. */
export function machine(): string {
  const [load = Number.NaN] = loadavg();
  const cores = `${availableParallelism()} cores ${cpus()[0]?.model ?? "of an unknown kind"}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cores}, ${memory}, Linux ${release()}, ${process.arch}; load average before: ${load.toFixed(2)}`;
}

/** Of everything that takes part. */
export async function versions(): Promise<string> {
  const { version: librdkafka } = await openLibrary();
  const clients = ["@platformatic/kafka", "kafkajs"].map((name) => `${name} ${packageVersion(name)}`);
  return [
    `strait ${STRAIT_VERSION}`,
    `Bun ${Bun.version}`,
    `librdkafka ${librdkafka}`,
    `brokers: ${await brokers()}`,
    `MirrorMaker ${MIRRORMAKER_VERSION}`,
    ...clients,
    await javaVersion(),
  ].join(", ");
}

/** Which brokers `clusters()` gives. */
async function brokers(): Promise<string> {
  if (process.env["STRAIT_TEST_BROKERS_EAST"]) return "given by address";
  if (await dockerAnswers()) return "Redpanda";
  return basename(await kafkaJars()).replace("kafka-", "Apache Kafka ");
}

function packageVersion(name: string): string {
  const manifest = join(import.meta.dirname, "../../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

async function javaVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)("java", ["--version"]);
  return stdout.split("\n")[0] ?? "Java";
}

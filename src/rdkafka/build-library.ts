/** Builds librdkafka from the source that `@confluentinc/kafka-javascript` brings along. Nothing is downloaded. */

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { StraitError } from "../model/errors.ts";

/** librdkafka's version as the package states it, for example "2.15.1". */
export function packageVersion(packageDirectory: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDirectory, "package.json"), "utf8"));
  const version = (manifest as { librdkafka?: unknown }).librdkafka;
  if (typeof version !== "string") {
    throw new StraitError("library-build-failed", `${packageDirectory}/package.json names no librdkafka version`);
  }
  return version;
}

/**
 * Configures and compiles in a temporary folder and moves the result to `target` by one rename, so that two builds at
 * once, or one cut off, never leave half a library there. Rejects with `library-build-failed` and the end of the output.
 */
export async function buildLibrary(packageDirectory: string, target: string): Promise<void> {
  const version = packageVersion(packageDirectory);
  const source = join(packageDirectory, "deps", "librdkafka");
  if (!existsSync(join(source, "configure"))) {
    throw new StraitError("library-build-failed", `no librdkafka source in ${source}: reinstall the packages`);
  }
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "strait-librdkafka-"));
  try {
    cpSync(source, folder, { recursive: true });
    const progress = progressLine(`building librdkafka ${version} (once, about a minute)`);
    const files = readdirSync(join(folder, "src")).filter((name) => name.endsWith(".c")).length;
    progress.show("configuring");
    await run("./configure", ["--disable-debug-symbols"], folder, () => {});
    let compiled = 0;
    await run("make", ["-C", "src", `-j${availableParallelism()}`], folder, (line) => {
      if (/ -c .*\.c /.test(line)) progress.show(`${Math.min(99, Math.round((++compiled * 100) / files))} %`);
    });
    const built = ["librdkafka.so.1", "librdkafka.1.dylib"].map((name) => join(folder, "src", name)).find(existsSync);
    if (!built) throw new StraitError("library-build-failed", "make ended without a shared library in src/");
    // Beside the target first: a rename is atomic only within one file system.
    const beside = `${target}.${process.pid}`;
    cpSync(built, beside, { dereference: true });
    renameSync(beside, target);
    progress.done(target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a build step; `onLine` gets each line of its standard output. */
function run(command: string, args: string[], cwd: string, onLine: (line: string) => void): Promise<void> {
  const lastLines: string[] = [];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const remember = (line: string) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
    };
    createInterface({ input: child.stderr }).on("line", remember);
    createInterface({ input: child.stdout }).on("line", (line) => {
      remember(line);
      onLine(line);
    });
    const fail = (why: string) =>
      reject(
        new StraitError(
          "library-build-failed",
          `building librdkafka: ${command} ${why}. Needed: a C compiler and make; on Debian: apt-get install build-essential libssl-dev libsasl2-dev libzstd-dev zlib1g-dev liblz4-dev libcurl4-openssl-dev\n${lastLines.join("\n")}`,
        ),
      );
    child.on("error", (error) => fail(`could not be started (${error.message})`));
    child.on("close", (code, signal) => (code === 0 ? resolve() : fail(`ended with ${signal ?? code}`)));
  });
}

/** One line on stderr: rewritten in place on a terminal, at every quarter elsewhere. */
function progressLine(title: string) {
  const terminal = process.stderr.isTTY === true;
  let shownAt = -25;
  return {
    show(text: string) {
      const percent = Number.parseInt(text, 10);
      if (terminal) process.stderr.write(`\r\x1b[K${title}: ${text}`);
      else if (Number.isNaN(percent) || percent - shownAt >= 25) {
        if (!Number.isNaN(percent)) shownAt = percent;
        process.stderr.write(`${title}: ${text}\n`);
      }
    },
    done(path: string) {
      process.stderr.write(`${terminal ? "\r\x1b[K" : ""}built ${path}\n`);
    },
  };
}

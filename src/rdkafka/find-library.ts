/** Where librdkafka is looked for. */

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import manifest from "@confluentinc/kafka-javascript/package.json" with { type: "json" };
import { messageOf, StraitError } from "../model/errors.ts";
import { buildLibrary } from "./build-library.ts";
import { hasEmbeddedLibrary, unpackLibrary } from "./embedded-library.ts";
import type { NativeRuntime } from "./runtime.ts";
import type { NativeFunctions, SYMBOLS } from "./symbols.ts";

/** The first release that does without requests Kafka 4.0 dropped (librdkafka CHANGELOG, v2.11.0, #5131). */
const OLDEST_VERSION = 0x020b0000;

export interface FoundLibrary {
  readonly path: string;
  readonly version: string;
  readonly functions: NativeFunctions;
}

/**
 * Tries, in order: `STRAIT_LIBRDKAFKA`, what an executable has inside, strait's cache, what the package's own install
 * script left, the system's library if it is new enough, and last a build from the package's source into the cache. A
 * library named by the variable is the only one tried.
 */
export async function findLibrary(runtime: NativeRuntime, symbols: typeof SYMBOLS): Promise<FoundLibrary> {
  const tried: string[] = [];
  const attempt = (path: string): FoundLibrary | null => {
    try {
      const functions = runtime.open(path, symbols);
      const version = runtime.readCString(functions.rd_kafka_version_str());
      if (functions.rd_kafka_version() >= OLDEST_VERSION) return { path, version, functions };
      tried.push(`${path}: version ${version} is too old, 2.11.0 is needed`);
    } catch (error) {
      tried.push(`${path}: ${firstLine(messageOf(error))}`);
    }
    return null;
  };

  const named = process.env["STRAIT_LIBRDKAFKA"];
  if (named) {
    const found = attempt(named);
    if (found) return found;
    throw notFound("STRAIT_LIBRDKAFKA names a library that cannot be used", tried);
  }

  if (hasEmbeddedLibrary()) {
    const found = attemptEmbedded(attempt, tried);
    if (found) return found;
  }
  const cached = cachedLibraryPath();
  for (const path of [cached, ...leftByInstall()]) {
    const found = existsSync(path) ? attempt(path) : null;
    if (found) return found;
    if (!existsSync(path)) tried.push(`${path}: not there`);
  }
  const system = attempt(process.platform === "darwin" ? "librdkafka.1.dylib" : "librdkafka.so.1");
  if (system) return system;

  const source = packageDirectory();
  if (source === null) throw notFound("no librdkafka that can be used, and no source to build one from", tried);
  await buildLibrary(source, cached);
  const built = attempt(cached);
  if (built) return built;
  throw notFound("librdkafka was built but cannot be used", tried);
}

/** Where a library built by strait is kept, or, by the digest of its content, one that an executable brought. */
export function cachedLibraryPath(digest?: string): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const name = [manifest.librdkafka, process.platform, process.arch, ...(digest === undefined ? [] : [digest])];
  return join(cache, "strait", `librdkafka-${name.join("-")}.${libraryExtension()}`);
}

function attemptEmbedded(attempt: (path: string) => FoundLibrary | null, tried: string[]): FoundLibrary | null {
  try {
    return attempt(unpackLibrary(cachedLibraryPath));
  } catch (error) {
    tried.push(`the one in this executable cannot be written out: ${messageOf(error)}`);
    return null;
  }
}

const libraryExtension = () => (process.platform === "darwin" ? "dylib" : "so");

/** The installed `@confluentinc/kafka-javascript`, which brings librdkafka's source; null in an executable. */
function packageDirectory(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve("@confluentinc/kafka-javascript/package.json"));
  } catch {
    return null;
  }
}

/** Shared libraries, or the addon itself, in the folder the package's own install script builds into. */
function leftByInstall(): string[] {
  const installed = packageDirectory();
  if (installed === null) return [];
  const release = join(installed, "build", "Release");
  if (!existsSync(release)) return [join(release, "librdkafka.so")];
  return readdirSync(release)
    .filter((name) => /^librdkafka\.(so|dylib)|\.node$/.test(name))
    .map((name) => join(release, name));
}

function notFound(what: string, tried: readonly string[]): StraitError {
  return new StraitError(
    "library-not-found",
    `${what}. Looked at:\n${tried.map((line) => `  ${line}`).join("\n")}\nSet STRAIT_LIBRDKAFKA to a librdkafka of version 2.11.0 or newer${packageDirectory() === null ? "" : ", or unset it to let strait build one"}.`,
  );
}

const firstLine = (text: string) => text.split("\n", 1)[0] ?? "";

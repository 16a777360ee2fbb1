/** librdkafka as an executable brings it: inside. The system loads libraries from files only, so it is written to one. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { OWN_LIBRARY } from "../own-modules.ts";

/** Whether this is an executable that has a library inside. */
export function hasEmbeddedLibrary(embedded: URL = OWN_LIBRARY): boolean {
  return existsSync(embedded);
}

/**
 * Where the library is once it is written out, unless it was before: `fileOf` gives the place by the start of its SHA-256,
 * so that executables of different builds do not share one. Throws where that place cannot be written.
 */
export function unpackLibrary(fileOf: (digest: string) => string, embedded: URL = OWN_LIBRARY): string {
  const content = readFileSync(fileURLToPath(embedded));
  const file = fileOf(createHash("sha256").update(content).digest("hex").slice(0, 12));
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Beside it first: runners start at the same time, and none may open half a library.
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, content, { mode: 0o755 });
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  return file;
}

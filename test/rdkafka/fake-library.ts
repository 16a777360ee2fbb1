/** Shared libraries that pass for librdkafka, compiled in a moment, to see what strait makes of them. */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SYMBOLS } from "../../src/rdkafka/symbols.ts";

export interface FakeLibraryOptions {
  readonly version: string;
  /** As rd_kafka_version() tells it. */
  readonly versionNumber: number;
  /** What `builtin.features` says. Default none. */
  readonly features?: string;
  /** Functions the library does not have. */
  readonly without?: (name: string) => boolean;
}

/** Compiles a library into `folder` and returns its path. */
export function fakeLibrary(folder: string, options: FakeLibraryOptions): string {
  const { version, versionNumber, features = "", without = () => false } = options;
  const bodies: Record<string, string> = {
    rd_kafka_version: `int rd_kafka_version(void) { return ${versionNumber}; }`,
    rd_kafka_version_str: `const char *rd_kafka_version_str(void) { return "${version}"; }`,
    rd_kafka_conf_get: `int rd_kafka_conf_get(const void *conf, const char *name, char *dest, size_t *size) {
      if (strcmp(name, "builtin.features") != 0) return -2;
      strcpy(dest, "${features}"); *size = sizeof("${features}"); return 0; }`,
  };
  const names = Object.keys(SYMBOLS).filter((name) => name.startsWith("rd_kafka_") && !without(name));
  const source = names.map((name) => bodies[name] ?? `void *${name}(void) { return 0; }`).join("\n");
  const file = join(folder, "fake.c");
  const library = join(folder, `librdkafka-${version}.so`);
  writeFileSync(file, `#include <string.h>\n${source}\n`);
  execFileSync("cc", ["-shared", "-fPIC", "-o", library, file]);
  return library;
}

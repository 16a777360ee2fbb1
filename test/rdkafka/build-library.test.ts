import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildLibrary, packageVersion } from "../../src/rdkafka/build-library.ts";
import { failureOf } from "../support/failure-of.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { environment } from "./environment.ts";

const DEBIAN_PACKAGES =
  "apt-get install build-essential libssl-dev libsasl2-dev libzstd-dev zlib1g-dev liblz4-dev libcurl4-openssl-dev";

test("a build without a C compiler and make fails with the Debian packages to install", async () => {
  using folder = temporaryDirectory();
  using _path = environment("PATH", folder.path);

  const failure = await failureOf(
    buildLibrary(sourcePackage(folder.path, { configure: "exit 0" }), target(folder.path)),
  );

  expect(failure.code).toBe("library-build-failed");
  expect(failure.message).toContain("make could not be started");
  expect(failure.message).toContain(DEBIAN_PACKAGES);
});

test("a step that fails is named with its last words", async () => {
  using folder = temporaryDirectory();
  const steps = { configure: 'echo "checking for gcc... no"; echo "no C compiler" >&2; exit 3' };

  const failure = await failureOf(buildLibrary(sourcePackage(folder.path, steps), target(folder.path)));

  expect(failure.message).toContain("./configure ended with 3");
  expect(failure.message).toContain("checking for gcc... no");
  expect(failure.message).toContain("no C compiler");
});

test("a build that fails leaves nothing at the target or beside it", async () => {
  using folder = temporaryDirectory();

  await failureOf(buildLibrary(sourcePackage(folder.path, { configure: "exit 1" }), target(folder.path)));

  expect(readdirSync(join(folder.path, "cache"))).toEqual([]);
});

test("a package without the source fails, saying where the source was expected", async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, "package.json"), JSON.stringify({ librdkafka: "2.15.1" }));

  const failure = await failureOf(buildLibrary(folder.path, target(folder.path)));

  expect(failure.code).toBe("library-build-failed");
  expect(failure.message).toContain(join(folder.path, "deps", "librdkafka"));
});

test("a package that names no version of librdkafka is refused", () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, "package.json"), "{}");

  expect(() => packageVersion(folder.path)).toThrow("names no librdkafka version");
});

test("what make has built is moved to the target", async () => {
  using folder = temporaryDirectory();
  const makefile = "all:\n\tcc -shared -o librdkafka.so.1 -x c /dev/null\n";

  await buildLibrary(sourcePackage(folder.path, { configure: "exit 0", makefile }), target(folder.path));

  expect(existsSync(target(folder.path))).toBe(true);
  expect(readdirSync(join(folder.path, "cache"))).toHaveLength(1);
});

const target = (folder: string) => join(folder, "cache", "librdkafka.so");

/** A package in the shape of the real one, whose source builds in no time. */
function sourcePackage(folder: string, { configure, makefile = "" }: { configure: string; makefile?: string }): string {
  const source = join(folder, "package", "deps", "librdkafka");
  mkdirSync(join(source, "src"), { recursive: true });
  writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ librdkafka: "2.15.1" }));
  writeFileSync(join(source, "configure"), `#!/bin/sh\n${configure}\n`, { mode: 0o755 });
  writeFileSync(join(source, "src", "Makefile"), makefile);
  return join(folder, "package");
}

import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hasEmbeddedLibrary, unpackLibrary } from "../../src/rdkafka/embedded-library.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** As `sha256sum` has it of "native code". */
const DIGEST = "51f92d3ac859";

test("sources have no library inside", () => {
  expect(hasEmbeddedLibrary()).toBe(false);
});

test("what is inside is written out under its digest, with folders, and can be run", () => {
  using folder = temporaryDirectory();
  const file = unpackLibrary((digest) => join(folder.path, "cache", `lib-${digest}.so`), embedded(folder.path));

  expect(file).toBe(join(folder.path, "cache", `lib-${DIGEST}.so`));
  expect(readFileSync(file, "utf8")).toBe("native code");
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(readdirSync(join(folder.path, "cache"))).toHaveLength(1);
});

test("what was written out before is left as it is", () => {
  using folder = temporaryDirectory();
  const fileOf = (digest: string) => join(folder.path, digest);
  writeFileSync(fileOf(DIGEST), "from before");

  expect(readFileSync(unpackLibrary(fileOf, embedded(folder.path)), "utf8")).toBe("from before");
});

test("a place that cannot be written fails and leaves nothing beside it", () => {
  using folder = temporaryDirectory();
  const fileOf = () => join(folder.path, "inside-a-file", "lib.so");
  writeFileSync(join(folder.path, "inside-a-file"), "");

  expect(() => unpackLibrary(fileOf, embedded(folder.path))).toThrow("inside-a-file");
  expect(existsSync(fileOf())).toBe(false);
});

function embedded(folder: string): URL {
  const file = join(folder, "embedded");
  writeFileSync(file, "native code");
  return pathToFileURL(file);
}

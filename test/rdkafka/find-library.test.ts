import { describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cachedLibraryPath, findLibrary } from "../../src/rdkafka/find-library.ts";
import { bunRuntime } from "../../src/rdkafka/runtime-bun.ts";
import { SYMBOLS } from "../../src/rdkafka/symbols.ts";
import { failureOf } from "../support/failure-of.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { environment } from "./environment.ts";
import { fakeLibrary } from "./fake-library.ts";

const find = () => findLibrary(bunRuntime, SYMBOLS);

describe("a library named by STRAIT_LIBRDKAFKA", () => {
  test("is the one that is opened", async () => {
    using folder = temporaryDirectory();
    const path = fakeLibrary(folder.path, { version: "9.8.7", versionNumber: 0x090807ff });
    using _named = environment("STRAIT_LIBRDKAFKA", path);

    expect(await find()).toMatchObject({ path, version: "9.8.7" });
  });

  test("that is not there fails, saying where it looked and which variable named it", async () => {
    using folder = temporaryDirectory();
    const path = join(folder.path, "librdkafka.so");
    using _named = environment("STRAIT_LIBRDKAFKA", path);

    const failure = await failureOf(find());

    expect(failure.code).toBe("library-not-found");
    expect(failure.message).toStartWith("STRAIT_LIBRDKAFKA names a library that cannot be used. Looked at:");
    expect(failure.message).toContain(`  ${path}: `);
  });

  test("that is no library fails with the loader's words", async () => {
    using folder = temporaryDirectory();
    const path = join(folder.path, "librdkafka.so");
    writeFileSync(path, "not a library");
    using _named = environment("STRAIT_LIBRDKAFKA", path);

    expect((await failureOf(find())).message).toMatch(/librdkafka\.so: .*(too short|invalid|ELF)/);
  });

  test("that is older than 2.11 fails, saying its version and the one that is needed", async () => {
    using folder = temporaryDirectory();
    const path = fakeLibrary(folder.path, { version: "2.10.1", versionNumber: 0x020a01ff });
    using _named = environment("STRAIT_LIBRDKAFKA", path);

    const failure = await failureOf(find());

    expect(failure.code).toBe("library-not-found");
    expect(failure.message).toContain(`${path}: version 2.10.1 is too old, 2.11.0 is needed`);
  });

  test("that lacks a function fails, saying which", async () => {
    using folder = temporaryDirectory();
    const options = { version: "2.12.0", versionNumber: 0x020c00ff };
    const path = fakeLibrary(folder.path, { ...options, without: (name) => name === "rd_kafka_produceva" });
    using _named = environment("STRAIT_LIBRDKAFKA", path);

    expect((await failureOf(find())).message).toMatch(new RegExp(`${path}: .*rd_kafka_produceva`));
  });

  test("keeps the others from being tried, also where it is of no use", async () => {
    using folder = temporaryDirectory();
    using _cache = environment("XDG_CACHE_HOME", folder.path);
    using _named = environment("STRAIT_LIBRDKAFKA", "/nonexistent.so");

    expect((await failureOf(find())).message).not.toContain(folder.path);
  });
});

describe("the cache", () => {
  test("lies in XDG_CACHE_HOME and names version, platform and processor", () => {
    using _cache = environment("XDG_CACHE_HOME", "/somewhere/cache");

    expect(cachedLibraryPath()).toMatch(
      new RegExp(`^/somewhere/cache/strait/librdkafka-\\d+\\.\\d+\\.\\d+-${process.platform}-${process.arch}\\.`),
    );
  });

  test("lies in the home directory where XDG_CACHE_HOME is empty", () => {
    using _cache = environment("XDG_CACHE_HOME", "");

    expect(cachedLibraryPath()).toContain("/.cache/strait/librdkafka-");
  });

  test("is looked at before anything is built", async () => {
    using folder = temporaryDirectory();
    using _named = environment("STRAIT_LIBRDKAFKA", "");
    using _cache = environment("XDG_CACHE_HOME", folder.path);
    mkdirSync(dirname(cachedLibraryPath()), { recursive: true });
    renameSync(fakeLibrary(folder.path, { version: "9.8.7", versionNumber: 0x090807ff }), cachedLibraryPath());

    expect(await find()).toMatchObject({ path: cachedLibraryPath(), version: "9.8.7" });
  });
});

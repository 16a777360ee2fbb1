import { expect, test } from "bun:test";
import { cachedLibraryPath } from "../../src/rdkafka/find-library.ts";
import type { NativeLibrary } from "../../src/rdkafka/library.ts";
import { missingFeatures, missingFeaturesNotice } from "../../src/rdkafka/library-features.ts";
import { bunRuntime } from "../../src/rdkafka/runtime-bun.ts";
import { SYMBOLS } from "../../src/rdkafka/symbols.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { environment } from "./environment.ts";
import { fakeLibrary } from "./fake-library.ts";

const EVERYTHING =
  "gzip,snappy,ssl,sasl,regex,lz4,sasl_gssapi,sasl_plain,sasl_scram,plugins,zstd,sasl_oauthbearer,http,oidc";

test("a library with all features lacks nothing and needs no notice", () => {
  using folder = temporaryDirectory();
  const library = openFake(folder.path, EVERYTHING);

  expect(missingFeatures(library)).toEqual([]);
  expect(missingFeaturesNotice(library)).toBeNull();
});

test("what a library lacks is named with the packages that bring it", () => {
  using folder = temporaryDirectory();
  const library = openFake(folder.path, "gzip,snappy,sasl,regex,lz4,sasl_gssapi,sasl_plain,plugins");

  expect(missingFeatures(library)).toEqual([
    { feature: "TLS", packages: ["libssl-dev"] },
    { feature: "SASL SCRAM", packages: ["libssl-dev"] },
    { feature: "SASL OAUTHBEARER", packages: ["libssl-dev"] },
    { feature: "OpenID Connect", packages: ["libcurl4-openssl-dev", "libssl-dev"] },
    { feature: "zstd compression", packages: ["libzstd-dev"] },
  ]);
});

test("a flag that only begins like a feature's does not count as it", () => {
  using folder = temporaryDirectory();
  const library = openFake(folder.path, EVERYTHING.replace("zstd", "zstd_dictionaries"));

  expect(missingFeatures(library)).toEqual([{ feature: "zstd compression", packages: ["libzstd-dev"] }]);
});

test("the notice says which packages to install, each once, and to name another library", () => {
  using folder = temporaryDirectory();
  const library = openFake(folder.path, EVERYTHING.replace("ssl,", "").replace("sasl_scram,", ""));

  expect(missingFeaturesNotice(library)).toBe(
    `librdkafka 2.15.1 (${library.path}) was built without TLS, SASL SCRAM. To get it: ` +
      "apt-get install libssl-dev (on Debian), then build another librdkafka and name it by STRAIT_LIBRDKAFKA.",
  );
});

test("the notice about a library that strait built says which file to delete", () => {
  using folder = temporaryDirectory();
  using _cache = environment("XDG_CACHE_HOME", folder.path);
  const library = { ...openFake(folder.path, EVERYTHING.replace("zstd,", "")), path: cachedLibraryPath() };

  expect(missingFeaturesNotice(library)).toEndWith(
    `apt-get install libzstd-dev (on Debian), then delete ${library.path}: strait builds it anew when it starts.`,
  );
});

/** A library that says it has these features. */
function openFake(folder: string, features: string): NativeLibrary {
  const path = fakeLibrary(folder, { version: "2.15.1", versionNumber: 0x020f01ff, features });
  return { ...bunRuntime.open(path, SYMBOLS), runtime: bunRuntime, path, version: "2.15.1" };
}

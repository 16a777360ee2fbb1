/** The package as npm would have it: what is in it, and that it runs where somebody installs it. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { openLibrary } from "../../src/rdkafka/library.ts";
import { codeBlocks } from "../docs/documents.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { installedCases } from "./installed-cases.ts";
import { InstalledStrait } from "./installed-strait.ts";
import { type PackageRegistry, servePackages } from "./package-registry.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROOT = join(import.meta.dirname, "../..");

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

const directory = mkdtempSync(join(tmpdir(), "strait-package-"));
let packed: Packed;
let registry: PackageRegistry;
let environment: Record<string, string>;

beforeAll(async () => {
  const npm = Bun.spawnSync(["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", directory], {
    cwd: ROOT,
  });
  [packed] = JSON.parse(npm.stdout.toString());
  registry = servePackages(ROOT, { manifest, path: join(directory, packed.filename) });
  environment = {
    BUN_CONFIG_REGISTRY: registry.url,
    BUN_INSTALL_CACHE_DIR: join(directory, "cache"),
    BUN_TMPDIR: directory,
    TMPDIR: directory,
    // Building it anew is what the tests of the binding do.
    STRAIT_LIBRDKAFKA: (await openLibrary()).path,
  };
});
afterAll(() => {
  registry[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

describe("the package", () => {
  test("has the program and its documents, and nothing that is for its developers", () => {
    const folders = new Set(packed.files.map(({ path }) => path.split("/")[0]));
    expect([...folders].toSorted()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "docs", "filters", "package.json", "plugins", "src"].toSorted(),
    );
    const unwanted = /\.test\.|node_modules|tsconfig|generate-|\.(so|node|log|png)$/;
    expect(packed.files.map(({ path }) => path).filter((path) => unwanted.test(path))).toEqual([]);
  });

  test("is small", () => {
    expect(packed.size).toBeLessThan(1_500_000);
  });

  test("has every file that what it offers is made of", () => {
    const there = new Set(packed.files.map(({ path }) => `./${path}`));
    const offered = [
      manifest.bin.strait,
      ...Object.values(manifest.exports).flatMap((each) => Object.values(typeof each === "string" ? { each } : each)),
    ];
    expect(offered.filter((path) => !there.has(path.replace(/^(?!\.\/)/, "./")))).toEqual([]);
  });
});

describe("bunx strait", () => {
  test.each(installedCases.map((each) => [each.title, each] as const))("%s", async (_title, { run }) => {
    await using strait = new InstalledStrait([process.execPath, "x", "--silent", "strait"], environment);
    await run(strait);
  });

  test("runs as docs/install.md has it", async () => {
    const { text } = codeBlocks("docs/install.md").find(({ info }) => info === "bunx") ?? { text: "" };
    await using strait = new InstalledStrait(["sh", "-c"], environment);
    strait.write("strait.yaml", "clusters: {}\n");
    const { code, out, err } = await strait.run(`set -eu\nbunx() { "${process.execPath}" x --silent "$@"; }\n${text}`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toStartWith(`${manifest.version}\n`);
    expect(out).toContain("no mistakes");
  });
});

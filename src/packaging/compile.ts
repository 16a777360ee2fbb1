/**
 * `bun run compile`: makes one executable of strait, with Bun, the dashboard's files and librdkafka inside.
 *
 *     bun run compile [--outfile dist/strait] [--library-beside]
 */

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BunPlugin } from "bun";
import { readAssets } from "../dashboard/assets.ts";
import { StraitError } from "../model/errors.ts";
import { OWN_DASHBOARD, OWN_LIBRARY, OWN_THREADS } from "../own-modules.ts";
import { openLibrary } from "../rdkafka/library.ts";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const CONFLUENT = "@confluentinc/schemaregistry/dist/";

export interface CompileOptions {
  readonly outfile: string;
  /** The librdkafka that goes inside; null for none: then `STRAIT_LIBRDKAFKA` has to name one. */
  readonly library: string | null;
}

/** Writes the executable. Rejects with what the bundler says. */
export async function compile({ outfile, library }: CompileOptions): Promise<void> {
  const stage = mkdtempSync(join(tmpdir(), "strait-compile-"));
  try {
    for (const [name, { body }] of readAssets()) place(stage, join(fileURLToPath(OWN_DASHBOARD), name), body);
    if (library !== null) place(stage, fileURLToPath(OWN_LIBRARY), library);
    await Bun.build({
      entrypoints: [
        join(SOURCES, "executable.ts"),
        ...Object.values(OWN_THREADS).map((thread) => fileURLToPath(thread)),
      ],
      // What is inside is found relative to this: src/own-modules.ts.
      root: SOURCES,
      target: "bun",
      // A runner does not read what only the control process needs.
      splitting: true,
      // Names stay: errors say them.
      minify: { whitespace: true, syntax: true },
      plugins: [packagesInside],
      compile: {
        outfile: resolve(outfile),
        assets: readdirSync(stage).map((name) => join(stage, name)),
        // Where it is started must not say how it runs: a bunfig.toml may name code, an .env passwords for filters.
        autoloadBunfig: false,
        autoloadDotenv: false,
        // Packages beside a filter file are found by theirs.
        autoloadPackageJson: true,
      },
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Puts a file, or bytes, where an executable shall have what lies at `path` beside the sources. */
function place(stage: string, path: string, content: string | Uint8Array): void {
  const target = join(stage, relative(SOURCES, path));
  mkdirSync(dirname(target), { recursive: true });
  if (typeof content === "string") copyFileSync(content, target);
  else writeFileSync(target, content);
}

/** Packages find files of theirs at run time, which are not there then. */
const packagesInside: BunPlugin = {
  name: "packages-inside",
  setup(build) {
    // The same with its WebAssembly in the text.
    build.onResolve({ filter: /^@platformatic\/wasm-utils$/ }, ({ importer }) => ({
      path: Bun.resolveSync("@platformatic/wasm-utils/bundled", dirname(importer)),
    }));
    build.onLoad({ filter: /\/filters\/protobuf\/confluent-file\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: confluentFiles(dirname(Bun.resolveSync(`${CONFLUENT}rest-service.js`, dirname(path)))),
    }));
  },
};

/** What stands for filters/protobuf/confluent-file.ts: the same, for the files that are there now. */
function confluentFiles(directory: string): string {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const described = files.filter((file) => /^(google|confluent)\/.*_pb\.js$/.test(file));
  const loaders = described.map(
    (file) => `${JSON.stringify(file)}: () => require(${JSON.stringify(CONFLUENT + file)})`,
  );
  return `const loaders = { ${loaders.join(",\n")} };
    export function confluentFile(path) {
      return Object.values(loaders[path]()).find((value) => value.kind === "file");
    }`;
}

/** A library that lies in a file of its own: one of the system is found by its name only. */
async function libraryFile(): Promise<string> {
  const { path } = await openLibrary();
  if (path === resolve(path)) return path;
  throw new StraitError(
    "library-not-found",
    `${path} was found by its name: say by STRAIT_LIBRDKAFKA which file it is`,
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      outfile: { type: "string", default: "dist/strait" },
      "library-beside": { type: "boolean", default: false },
    },
  });
  const { outfile, "library-beside": isBeside } = values;
  const library = await libraryFile();
  await compile({ outfile, library: isBeside ? null : library });
  const beside = join(dirname(outfile), "librdkafka.so");
  if (isBeside) copyFileSync(library, beside);
  const size = `${Math.round(statSync(outfile).size / 1e6)} MB`;
  process.stdout.write(`${outfile} (${size}), librdkafka ${isBeside ? `beside it: ${beside}` : "inside"}\n`);
}

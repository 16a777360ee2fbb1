/** `up` and `demo` on Deno, from the sources, with the permissions that docs/install.md lists. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibrary } from "../../src/rdkafka/library.ts";
import { makeCertificate } from "../support/certificate.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { StandInRegistry } from "../support/schema-registry.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { installBeside, installedCases } from "./installed-cases.ts";
import { InstalledStrait } from "./installed-strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROOT = join(import.meta.dirname, "../..");
/** Itself: the package's script around it takes signals and does not pass them on. */
const DENO = Bun.spawnSync([join(ROOT, "node_modules/.bin/deno"), "eval", "console.log(Deno.execPath())"])
  .stdout.toString()
  .trim();
/** The state of tests lies in the temporary directory too, as do the sockets by which librdkafka wakes strait up. */
const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  `--allow-write=${tmpdir()}`,
  "--allow-env",
  "--allow-ffi",
  `--allow-run=${DENO}`,
  "--allow-sys",
];
/** Nothing is downloaded and nobody is asked. */
const OFFLINE = ["--quiet", "--no-prompt", "--no-lock", "--cached-only", "--node-modules-dir=manual"];

describe("on Deno", () => {
  test.each(installedCases.map((each) => [each.title, each] as const))("%s", async (_title, { run }) => {
    const deno = [DENO, "run", ...OFFLINE, ...PERMISSIONS, join(ROOT, "src/cli.ts")];
    await using strait = new InstalledStrait(deno, { STRAIT_LIBRDKAFKA: (await openLibrary()).path });
    await installBeside(strait, ROOT);
    await run(strait);
  });

  test("a schema registry is asked over TLS, with a password", async () => {
    using folder = temporaryDirectory();
    const { certFile, keyFile, pem } = makeCertificate(folder.path, "registry");
    const authorization = `Basic ${btoa("strait:hunter2")}`;
    await using registry = new StandInRegistry({
      tls: { key: readFileSync(keyFile, "utf8"), cert: pem },
      authorization,
    });
    const script = join(import.meta.dirname, "registry-on-deno.ts");
    const deno = Bun.spawn([DENO, "run", ...OFFLINE, ...PERMISSIONS, script, registry.url, certFile], {
      stderr: "pipe",
    });

    const [out, err] = await Promise.all([new Response(deno.stdout).text(), new Response(deno.stderr).text()]);
    expect([await deno.exited, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({ text: '"string"', code: "filter-failed" });
  });
});

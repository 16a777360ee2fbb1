import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { forkModule } from "../src/fork-module.ts";
import { emptyRegistry } from "./support/empty-registry.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

test("a process finds what it was given in its environment, and nothing from a .env where it is started", async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, ".env"), "PASSWORD=from-the-file\n");
  const text = "process.send([process.argv[2], process.env.GIVEN, process.env.PASSWORD ?? null]);";
  const { message } = await forked(folder.path, text, { GIVEN: "given" });

  expect(message).toEqual(["argument", "given", null]);
});

test("a package that is not there is not downloaded", async () => {
  using folder = temporaryDirectory();
  using registry = emptyRegistry();
  const text = 'await import("nobody-has-installed-this").catch(({ code }) => process.send(code));';
  const { message } = await forked(folder.path, text, { BUN_CONFIG_REGISTRY: registry.url });

  expect(registry.asked).toEqual([]);
  expect(message).toBe("ERR_MODULE_NOT_FOUND");
});

/** Runs a module in a directory and resolves to the first message it sends; undefined where it ends without. */
async function forked(directory: string, text: string, environment: Record<string, string>) {
  const file = join(directory, "module.mjs");
  writeFileSync(file, `${text}\nprocess.disconnect();\n`);
  const child = forkModule(pathToFileURL(file), ["argument"], {
    cwd: directory,
    env: { PATH: process.env["PATH"], HOME: directory, ...environment },
  });
  let message: unknown;
  child.once("message", (sent) => {
    message = sent;
  });
  await new Promise((resolve) => child.once("exit", resolve));
  return { message };
}

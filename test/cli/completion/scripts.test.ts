/** The scripts in the shells they are for. A shell that is not installed is skipped. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addLink, controlUnderTest } from "../../control/control-under-test.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { cli, SCRIPT } from "../command-line.ts";

setDefaultTimeout(60_000);

/** Runs a shell in a directory that has `strait` on its path and a file `some.yaml`. */
async function inShell(shell: string, script: string, url: string): Promise<string[]> {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, "bin"));
  const command = join(directory.path, "bin/strait");
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${SCRIPT}" "$@"\n`);
  chmodSync(command, 0o755);
  writeFileSync(join(directory.path, "some.yaml"), "");
  const child = Bun.spawn([shell, "-c", script], {
    cwd: directory.path,
    env: {
      ...process.env,
      HOME: directory.path,
      PATH: `${join(directory.path, "bin")}:${process.env["PATH"]}`,
      STRAIT_URL: url,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect(err).toBe("");
  return out.split("\n").filter((line) => line !== "");
}

const bash = (line: string) => `
  source <(strait completion bash)
  COMP_LINE='${line}' COMP_POINT=${line.length}
  _strait
  printf '%s\\n' "\${COMPREPLY[@]}"`;

const fish = (line: string) => `strait completion fish | source; complete -C '${line}' | string replace -r '\\t.*' ''`;

describe.each<[string, (line: string) => string]>([
  ["bash", bash],
  ["fish", fish],
])("%s", (shell, script) => {
  test.skipIf(Bun.which(shell) === null)("completes commands, options, names and files", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { url } = subject.control;
    expect(await inShell(shell, script("strait lin"), url)).toEqual(["link"]);
    expect(await inShell(shell, script("strait lag --wa"), url)).toEqual(["--watch"]);
    expect(await inShell(shell, script("strait link pause e"), url)).toEqual(["eu-to-us"]);
    expect(await inShell(shell, script("strait map rm eu-to-us "), url)).toEqual(["orders"]);
    expect(await inShell(shell, script("strait check so"), url)).toEqual(["some.yaml"]);
  });

  test.skipIf(Bun.which(shell) === null)("without a running strait there are no names, and no noise", async () => {
    expect(await inShell(shell, script("strait link pause e"), "http://127.0.0.1:1")).toEqual([]);
  });
});

test("bash: a word with = or : is completed behind it, as bash takes them apart", async () => {
  await using subject = await controlUnderTest();
  await addLink(subject);
  const { url } = subject.control;
  expect(await inShell("bash", bash("strait map add eu-to-us t --mode=mi"), url)).toEqual(["mirror"]);
  expect(await inShell("bash", bash(`strait --url ${url} link pause e`), "http://127.0.0.1:1")).toEqual(["eu-to-us"]);
});

test.skipIf(Bun.which("zsh") === null)("zsh takes the script", async () => {
  const lines = await inShell(
    "zsh",
    "autoload -U compinit; compinit -u; source <(strait completion zsh); print $_comps[strait]",
    "http://127.0.0.1:1",
  );
  expect(lines).toEqual(["_strait"]);
});

test.each(["bash", "zsh", "fish"])("completion %s prints a script that asks strait", async (shell) => {
  const { code, out } = await cli(null, "completion", shell);
  expect(code).toBe(0);
  expect(out).toContain(" complete -- ");
});

/** Has schemathesis ask a strait with stand-in clusters everything its API document allows, and much that it does not. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addLink, controlUnderTest } from "../control/control-under-test.ts";
import { reportingRunners } from "../control/many-links.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

export interface FuzzOptions {
  readonly executable: string;
  /** For schemathesis, beside what every run needs. */
  readonly args: readonly string[];
  /** Values for parameters, as schemathesis names them: `path.link`. Default: what it thinks of. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Default: the output is returned only. */
  readonly output?: "inherit";
}

export interface FuzzResult {
  /** 0 where nothing was found. */
  readonly exitCode: number;
  readonly output: string;
}

/** What there is to begin with. */
export const THINGS_THERE = { "path.cluster": "east", "path.link": "eu-to-us", "path.mapping": "orders" } as const;

export async function fuzz({ executable, args, parameters = {}, output }: FuzzOptions): Promise<FuzzResult> {
  await using subject = await controlUnderTest({ supervisor: { startRunner: reportingRunners(2) } });
  await addLink(subject);
  const { body } = await subject.call("POST", "/v1/tokens", { name: "root-of-the-fuzzing", role: "admin" });
  const headers = { authorization: `Bearer ${body["token"]}` };
  // Each request comes from somewhere else: otherwise, after a few wrong tokens, every answer is to wait.
  let requests = 0;
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    fetch: (request) => subject.control.app.fetch(request, { address: `client-${requests++}` }),
  });
  using directory = temporaryDirectory();
  const config = join(directory.path, "schemathesis.toml");
  const values = Object.entries(parameters).map(([name, value]) => `"${name}" = "${value}"\n`);
  const common = readFileSync(join(import.meta.dirname, "schemathesis.toml"), "utf8");
  writeFileSync(config, `${common}\n[parameters]\n${values.join("")}`);
  const command = [executable, "--config-file", config, "run", `http://127.0.0.1:${server.port}/openapi.json`];
  const always = [
    "--header",
    `Authorization: ${headers.authorization}`,
    "--checks",
    "all",
    "--request-timeout",
    "30",
    "--max-response-time",
    "25",
  ];
  const child = Bun.spawn([...command, ...always, ...args], {
    cwd: directory.path, // it leaves what it has learnt where it runs
    stdin: "ignore",
    stdout: output ?? "pipe",
    stderr: output ?? "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const texts = output === "inherit" ? [] : [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  const written = (await Promise.all(texts)).join("");
  const exitCode = await child.exited;
  const stillThere = await subject.request("GET", "/v1/tokens", undefined, headers);
  if (stillThere.status !== 200) throw new Error("the token was deleted on the way, so most was refused; run it again");
  return { exitCode, output: written };
}

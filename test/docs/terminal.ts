/** A terminal in a clone, as readers of the documents have it: runs shell blocks, one after the other. */

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/kafka/free-port.ts";
import { ROOT } from "./documents.ts";

const START_MS = 30_000;
const COMMAND_MS = 60_000;

/** The Bun of this test in the place of one that npx would download. */
const NPX = `#!/bin/sh
[ "$1 $2" = "-y bun@1.4" ] || { echo "npx was called with $*" >&2; exit 64; }
shift 2
exec "${process.execPath}" "$@"
`;

/** Curl ends with 0 also for a refused request. */
const curl = (real: string) => `#!/bin/sh\nexec "${real}" --fail-with-body "$@"\n`;

export class Terminal {
  readonly directory: string;
  readonly #port: number;
  readonly #environment: Record<string, string | undefined>;
  #server: Bun.Subprocess | null = null;

  private constructor(directory: string, port: number) {
    this.directory = directory;
    this.#port = port;
    const tools = join(directory, "tools");
    this.#environment = { ...process.env, PATH: `${tools}:${process.env["PATH"]}`, STRAIT_URL: this.url };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A clone made of links: what is written into it does not reach this one. */
  static async open(): Promise<Terminal> {
    const directory = mkdtempSync(join(tmpdir(), "strait-docs-"));
    const visible = readdirSync(ROOT).filter((name) => !name.startsWith("."));
    for (const name of visible) symlinkSync(join(ROOT, name), join(directory, name));
    const real = Bun.which("curl");
    if (real === null) throw new Error("the documents use curl: install it");
    mkdirSync(join(directory, "tools"));
    for (const [name, text] of [["npx", NPX] as const, ["curl", curl(real)] as const]) {
      writeFileSync(join(directory, "tools", name), text);
      chmodSync(join(directory, "tools", name), 0o755);
    }
    return new Terminal(directory, await freePort());
  }

  /** Runs a block to its end and returns what it printed. Rejects where a command of it fails. */
  async run(block: string): Promise<string> {
    const child = this.#shell(`set -eu\n${block}`);
    const [output, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
    if (code !== 0) throw new Error(`ended with ${code}: ${block}\n${output}${this.#complaints()}`);
    return output;
  }

  /** Starts a block that runs until Ctrl-C, and waits until its API answers. */
  async start(block: string): Promise<void> {
    await this.stop();
    const server = this.#shell(`exec ${block.trim()} --listen 127.0.0.1:${this.#port}`, null);
    this.#server = server;
    const deadline = Date.now() + START_MS;
    while (!(await this.#answers())) {
      if (server.exitCode !== null) throw new Error(`ended with ${server.exitCode}: ${block}\n${this.#complaints()}`);
      if (Date.now() > deadline) throw new Error(`no answer at ${this.url} after ${START_MS} ms: ${block}`);
      await Bun.sleep(50);
    }
  }

  /** Presses Ctrl-C, if something runs. Rejects unless it ends with 0. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.kill("SIGINT");
    const code = await server.exited;
    if (code !== 0) throw new Error(`ended with ${code} on Ctrl-C\n${this.#complaints()}`);
  }

  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      rmSync(this.directory, { recursive: true, force: true });
    }
  }

  get #stderr(): string {
    return join(this.directory, "tools/stderr");
  }

  /** What the last command wrote to standard error. */
  #complaints(): string {
    return readFileSync(this.#stderr, "utf8");
  }

  #shell(text: string, timeoutMs: number | null = COMMAND_MS) {
    return Bun.spawn(["sh", "-c", text], {
      cwd: this.directory,
      env: this.#environment,
      stdin: "ignore",
      stdout: "pipe",
      stderr: Bun.file(this.#stderr),
      ...(timeoutMs !== null && { timeout: timeoutMs }),
    });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false; // it does not listen yet
    }
  }
}

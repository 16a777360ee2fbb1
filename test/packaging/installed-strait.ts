/** strait as somebody installed it: a command, started in a directory of its own with a home that has nothing in it. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../control/until.ts";
import { freePort } from "../support/kafka/free-port.ts";

const START_MS = 60_000;
const COMMAND_MS = 60_000;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class InstalledStrait {
  /** Where it is started; what a test writes here is removed at the end. */
  readonly directory: string;
  readonly home: string;
  readonly #command: readonly string[];
  readonly #environment: Record<string, string>;
  readonly #running = new Set<RunningStrait>();

  /** The environment has PATH and HOME, and what is given. */
  constructor(command: readonly string[], environment: Record<string, string> = {}) {
    const base = mkdtempSync(join(tmpdir(), "strait-installed-"));
    this.directory = join(base, "work");
    this.home = join(base, "home");
    for (const path of [this.directory, this.home]) mkdirSync(path);
    this.#command = command;
    this.#environment = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: this.home, ...environment };
  }

  /** Writes a file into the directory. */
  write(name: string, content: string | Uint8Array): void {
    mkdirSync(join(this.directory, name, ".."), { recursive: true });
    writeFileSync(join(this.directory, name), content);
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<Ended> {
    const child = Bun.spawn([...this.#command, ...args], {
      ...this.#surroundings(),
      stdout: "pipe",
      stderr: "pipe",
      timeout: COMMAND_MS,
    });
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { code, out, err };
  }

  /** Starts `up` or `demo`. Resolves when its API answers that everything is ready. */
  async start(...args: string[]): Promise<RunningStrait> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const log = join(this.home, "..", `log-${this.#running.size}`);
    const child = Bun.spawn([...this.#command, ...args, "--listen", url.replace("http://", "")], {
      ...this.#surroundings(),
      stdout: Bun.file(log),
      stderr: Bun.file(log),
    });
    const running = new RunningStrait(url, child, log);
    this.#running.add(running);
    const answers = () =>
      running.ended ||
      fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(`an answer at ${url}`, answers, START_MS);
    if (running.ended) throw new Error(`${args.join(" ")} ended: ${running.output}`);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) await running.kill();
    rmSync(join(this.directory, ".."), { recursive: true, force: true });
  }

  #surroundings() {
    return { cwd: this.directory, env: this.#environment, stdin: "ignore" } as const;
  }
}

export class RunningStrait {
  readonly url: string;
  readonly #child: Bun.Subprocess;
  readonly #log: string;

  constructor(url: string, child: Bun.Subprocess, log: string) {
    this.url = url;
    this.#child = child;
    this.#log = log;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** All it has printed so far. */
  get output(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** Sends a request and returns the answer's body. Throws unless it was done. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}\n${this.output}`);
    return JSON.parse(text) as T;
  }

  /** The processes it has started, those of theirs included. */
  descendants(): number[] {
    return descendantsOf(this.#child.pid);
  }

  /** Ends it as Ctrl-C does. Resolves to the exit code. */
  async stop(signal: "SIGINT" | "SIGTERM" = "SIGINT"): Promise<number> {
    this.#child.kill(signal);
    return await this.#child.exited;
  }

  async kill(): Promise<void> {
    if (this.ended) return;
    const descendants = this.descendants();
    this.#child.kill("SIGKILL");
    await this.#child.exited;
    for (const pid of descendants.filter(isAlive)) process.kill(pid, "SIGKILL");
  }
}

/** Whether there is such a process that has not ended (Linux; one that nobody waited for is left as a zombie). */
export function isAlive(pid: number): boolean {
  return !["Z", "X", undefined].includes(statOf(pid)?.[0]);
}

function descendantsOf(pid: number): number[] {
  const pids = [...new Bun.Glob("[0-9]*").scanSync({ cwd: "/proc", onlyFiles: false })].map(Number);
  const children = pids.filter((each) => statOf(each)?.[1] === String(pid));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** From the state on (proc(5), /proc/pid/stat); the name before it may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined; // it has ended
  }
}

/** Command lines for tests: in this process, in one of their own, and on a terminal. */

import { fileURLToPath } from "node:url";
import { runCli } from "../../src/cli/program.ts";
import type { ControlUnderTest } from "../control/control-under-test.ts";
import { until } from "../control/until.ts";

export const SCRIPT = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs it in this process. With a control process, against that. */
export async function cli(subject: ControlUnderTest | null, ...args: string[]): Promise<Ended> {
  let out = "";
  let err = "";
  const url = subject === null ? [] : ["--url", subject.control.url];
  const code = await runCli([...url, ...args], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

/** What a process of its own wrote so far. */
export interface Running extends AsyncDisposable {
  readonly out: string;
  readonly err: string;
  /** The lines of `out` that are complete. */
  readonly lines: readonly string[];
  /** Presses Ctrl-C, or what a terminal makes of it. */
  interrupt(): void;
  /** Its exit code; {@link Running.out} is complete then. */
  readonly ended: Promise<number>;
}

interface Settings {
  readonly url: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs it as a shell would with pipes. */
export function piped(args: readonly string[], { url, environment = {}, input }: Settings): Running {
  const child = Bun.spawn([process.execPath, SCRIPT, ...args], {
    env: { ...process.env, STRAIT_URL: url, ...environment },
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const written = { out: "", err: "" };
  const reading = Promise.all([
    collect(child.stdout, (text) => {
      written.out += text;
    }),
    collect(child.stderr, (text) => {
      written.err += text;
    }),
  ]);
  return running(
    written,
    () => child.kill("SIGINT"),
    both(child.exited, reading),
    () => child.kill("SIGKILL"),
  );
}

/** Runs it on a terminal of so many letters and lines. */
export function onTerminal(
  args: readonly string[],
  { url, environment = {}, columns = 100, rows = 24 }: Settings & { readonly columns?: number; readonly rows?: number },
): Running {
  const written = { out: "", err: "" };
  const decoder = new TextDecoder();
  const allRead = Promise.withResolvers<void>();
  const { NO_COLOR: _noColour, ...inherited } = process.env;
  const child = Bun.spawn([process.execPath, SCRIPT, ...args], {
    env: { ...inherited, TERM: "xterm-256color", STRAIT_URL: url, ...environment },
    terminal: {
      cols: columns,
      rows,
      data: (_terminal, data) => {
        written.out += decoder.decode(data, { stream: true });
      },
      exit: () => allRead.resolve(),
    },
  });
  return running(
    written,
    () => child.terminal?.write("\x03"),
    both(child.exited, allRead.promise),
    () => child.kill("SIGKILL"),
  );
}

function running(
  written: { readonly out: string; readonly err: string },
  interrupt: () => void,
  ended: Promise<number>,
  kill: () => void,
): Running {
  return {
    get out() {
      return written.out;
    },
    get err() {
      return written.err;
    },
    get lines() {
      return written.out.split("\n").slice(0, -1);
    },
    interrupt,
    ended,
    [Symbol.asyncDispose]: async () => {
      kill();
      await ended;
    },
  };
}

async function both(exited: Promise<number>, reading: Promise<unknown>): Promise<number> {
  const [code] = await Promise.all([exited, reading]);
  return code;
}

async function collect(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}

/** Waits until link `eu-to-us` of `addLink` runs. */
export async function untilRunning(subject: ControlUnderTest): Promise<void> {
  await until("the link to run", () => subject.control.supervisor.snapshot("eu-to-us")?.state === "running");
}

/** A Java process that cannot outlive the process that started it. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs Java in the background and waits for it. When standard input ends, which the kernel sees to however this process
 * dies, Java is killed and the folder deleted: no broker and no data are left behind by a crashed test run.
 * $1 is the folder, the rest is the command.
 */
const WATCHDOG = `
folder=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & java=$!
echo $java > "$folder/pid.new" && mv "$folder/pid.new" "$folder/pid"
(read -r _ <&3; kill -9 $java) & watchdog=$!
wait $java; status=$?
if kill $watchdog 2>/dev/null; then exit $status; fi
rm -rf "$folder"
`;

/** How long an orderly shutdown may take before it is cut short. */
const SHUTDOWN_MS = 30_000;

export class BrokerProcess {
  readonly #folder: string;
  readonly #command: readonly string[];
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #pid = 0;

  /** `folder` gets the output (`out`) and is deleted when this process dies. */
  constructor(folder: string, command: readonly string[]) {
    this.#folder = folder;
    this.#command = command;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** The last lines the broker wrote. */
  output(): string {
    const path = `${this.#folder}/out`;
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(-20).join("\n") : "";
  }

  async start(): Promise<void> {
    await rm(`${this.#folder}/pid`, { force: true });
    const out = openSync(`${this.#folder}/out`, "a");
    const child = spawn("sh", ["-c", WATCHDOG, "kafka", this.#folder, ...this.#command], { stdio: ["pipe", out, out] });
    this.#child = child;
    this.#exited = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        this.#child = null;
        resolve();
      });
    });
    while (!existsSync(`${this.#folder}/pid`)) {
      if (this.#child === null) throw new Error(`the broker's shell ended at once: ${this.output()}`);
      await delay(5);
    }
    this.#pid = Number(await readFile(`${this.#folder}/pid`, "utf8"));
  }

  /** Ends the process with a signal and waits for it; a frozen one is woken first so that it can obey. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.#child === null) return;
    this.signal(signal);
    this.signal("SIGCONT");
    const cut = setTimeout(() => this.signal("SIGKILL"), SHUTDOWN_MS);
    await this.#exited;
    clearTimeout(cut);
  }

  /** Stops the process with SIGSTOP. Resolves when all of its threads stand still: until then some go on answering. */
  async freeze(): Promise<void> {
    this.signal("SIGSTOP");
    while (this.#child !== null && !allStopped(this.#pid)) await delay(1);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child !== null) process.kill(this.#pid, signal);
  }
}

/** Whether every thread of a process is stopped (state T in /proc/PID/task/TID/stat, proc(5)). */
function allStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).every((task) => {
    try {
      const stat = readFileSync(`${tasks}/${task}/stat`, "utf8");
      // The name before it is in brackets and may hold anything.
      return stat.charAt(stat.lastIndexOf(")") + 2) === "T";
    } catch {
      return true; // it has ended
    }
  });
}

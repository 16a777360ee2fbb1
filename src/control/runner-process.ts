/** One life of a runner: the child process, its messages, its sign of life and its end. */

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunnerCommand, RunnerMessage } from "../model/runner-protocol.ts";
import { runnerEnvironment } from "./runner-environment.ts";

export interface RunnerProcessOptions {
  /** The module to run. */
  readonly module: URL;
  /** A runner that reported and then says nothing for this long is killed. */
  readonly heartbeatTimeoutMs: number;
  /** A runner that has not reported for this long after its start is killed. It may have a library to build. */
  readonly startTimeoutMs: number;
  /** Called for each message, in order. */
  readonly onMessage: (message: RunnerMessage) => void;
}

/** A running child process. */
export class RunnerProcess {
  /** Why it ended, in words. Resolves once, never rejects. */
  readonly ended: Promise<string>;
  readonly startedAt = Date.now();
  readonly #child: ChildProcess;
  readonly #options: RunnerProcessOptions;
  #silence: ReturnType<typeof setTimeout>;
  /** Why strait killed it, or the last thing it said before it ended itself. */
  #cause: string | null = null;

  constructor(options: RunnerProcessOptions) {
    this.#options = options;
    this.#child = fork(fileURLToPath(options.module), [], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "json",
      env: runnerEnvironment(),
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        clearTimeout(this.#silence);
        resolve(
          this.#cause ??
            (signal === null ? `the runner exited with code ${code}` : `the runner was ended by ${signal}`),
        );
      });
      this.#child.on("error", (error) => {
        this.#cause ??= `the runner cannot be reached: ${error.message}`;
        if (this.#child.pid === undefined) resolve(this.#cause);
        else this.#child.kill("SIGKILL");
      });
    });
    this.#silence = this.#killAfterSilence(options.startTimeoutMs);
    this.#child.on("message", (message: RunnerMessage) => this.#receive(message));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends a command; if it cannot be sent the process is ending, and `ended` says why. */
  send(command: RunnerCommand): void {
    if (!this.#child.connected) return;
    this.#child.send(command, (error) => {
      if (error) this.kill(`the runner cannot be reached: ${error.message}`);
    });
  }

  /** Asks it to drain and end, and kills it if it has not after `graceMs`. Resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#cause ??= "stopped";
    this.send({ type: "stop" });
    this.#child.kill("SIGTERM");
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    await this.ended;
    clearTimeout(impatience);
  }

  /** Ends it at once. `why` becomes the reason of its end. */
  kill(why: string): void {
    this.#cause ??= why;
    this.#child.kill("SIGKILL");
  }

  #receive(message: RunnerMessage): void {
    if (message.type === "status") {
      clearTimeout(this.#silence);
      this.#silence = this.#killAfterSilence(this.#options.heartbeatTimeoutMs);
    }
    if (message.type === "fatal") this.#cause ??= `the runner gave up: ${message.message}`;
    this.#options.onMessage(message);
  }

  #killAfterSilence(timeoutMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.kill(`no sign of life for ${timeoutMs / 1000} s: a filter may be in an endless loop`);
    }, timeoutMs);
  }
}

/** One life of a runner: the child process, its messages, its sign of life and its end. */

import type { RunnerCommand, RunnerMessage } from "../model/runner-protocol.ts";
import { WatchedChild } from "./watched-child.ts";

export interface RunnerProcessOptions {
  /** The module to run. */
  readonly module: URL;
  readonly env: NodeJS.ProcessEnv;
  /** A runner that reported and then says nothing for this long is killed. */
  readonly heartbeatTimeoutMs: number;
  /** A runner that has not reported for this long after its start is killed. It may have a library to build. */
  readonly startTimeoutMs: number;
  /** Called for each message, in order. */
  readonly onMessage: (message: RunnerMessage) => void;
}

/** A runner that lives. What {@link RunnerProcess} says of its members holds for any. */
export interface Runner {
  readonly startedAt: number;
  readonly pid: number | undefined;
  readonly ended: Promise<string>;
  send(command: RunnerCommand): void;
  stop(graceMs: number): Promise<void>;
}

/** Starts a runner. Throws where none can be started. */
export type StartRunner = (options: RunnerProcessOptions) => Runner;

/** A running child process. */
export class RunnerProcess implements Runner {
  readonly startedAt = Date.now();
  readonly #child: WatchedChild<RunnerCommand, RunnerMessage>;
  readonly #options: RunnerProcessOptions;

  constructor(options: RunnerProcessOptions) {
    this.#options = options;
    this.#child = new WatchedChild({
      module: options.module,
      name: "the runner",
      output: "inherit",
      env: options.env,
      onMessage: (message) => this.#receive(message),
    });
    this.#killAfter(options.startTimeoutMs);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why it ended, in words. Resolves once, never rejects. */
  get ended(): Promise<string> {
    return this.#child.ended.then((why) => why ?? "stopped");
  }

  /** Sends a command; if it cannot be sent the process is ending, and `ended` says why. */
  send(command: RunnerCommand): void {
    this.#child.send(command);
  }

  /** Asks it to drain and end, and kills it if it has not after `graceMs`. Resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#child.explain(null);
    this.send({ type: "stop" });
    this.#child.terminate();
    const impatience = setTimeout(() => this.#child.kill(null), graceMs);
    await this.ended;
    clearTimeout(impatience);
  }

  /** Ends it at once. `why` becomes the reason of its end. */
  kill(why: string): void {
    this.#child.kill(why);
  }

  #receive(message: RunnerMessage): void {
    if (message.type === "status") this.#killAfter(this.#options.heartbeatTimeoutMs);
    if (message.type === "fatal") this.#child.explain(`the runner gave up: ${message.message}`);
    this.#options.onMessage(message);
  }

  #killAfter(silenceMs: number): void {
    this.#child.killAfter(silenceMs, `no sign of life for ${silenceMs / 1000} s`);
  }
}

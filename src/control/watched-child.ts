/** A child process that is spoken to by messages, ended when it falls silent, and asked why it ended. */

import type { ChildProcess } from "node:child_process";
import { forkModule } from "../fork-module.ts";
import { messageOf } from "../model/errors.ts";

export interface WatchedChildOptions<Message> {
  /** The module to run. */
  readonly module: URL;
  /** What messages call it, as in "the runner". */
  readonly name: string;
  /** What becomes of what it writes to its output and error output. */
  readonly output: "inherit" | "ignore";
  /** Default: our own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called for each message, in order. */
  readonly onMessage: (message: Message) => void;
}

export class WatchedChild<Request extends object, Message> {
  /** Resolves once the process is gone: why it ended, in words, or null where it has done what it was to do. Never rejects. */
  readonly ended: Promise<string | null>;
  readonly #child: ChildProcess;
  readonly #name: string;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Undefined while nobody knows why it should end. */
  #outcome: string | null | undefined;

  /** Starts it. Throws where no process can be started. */
  constructor({ module, name, output, env = process.env, onMessage }: WatchedChildOptions<Message>) {
    this.#name = name;
    this.#child = forkModule(module, [], { stdio: ["ignore", output, output, "ipc"], env });
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        clearTimeout(this.#silence);
        this.explain(signal === null ? `${name} exited with code ${code}` : `${name} was ended by ${signal}`);
        resolve(this.#outcome ?? null);
      });
      this.#child.on("error", (error) => {
        this.kill(`${name} cannot be reached: ${error.message}`);
        if (this.#child.pid === undefined) resolve(this.#outcome ?? messageOf(error));
      });
    });
    this.#child.on("message", (message) => onMessage(message as Message));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it is to end, or has ended. */
  get ending(): boolean {
    return this.#outcome !== undefined;
  }

  /** Sends it something; if that cannot be the process is ending, and `ended` says why. */
  send(request: Request): void {
    if (!this.#child.connected) return;
    this.#child.send(request, (error) => {
      if (error) this.kill(`${this.#name} cannot be reached: ${error.message}`);
    });
  }

  /** Kills it unless this is called again within the time; `why` becomes the reason of its end then. */
  killAfter(silenceMs: number, why: string): void {
    clearTimeout(this.#silence);
    if (this.#outcome === undefined) this.#silence = setTimeout(() => this.kill(why), silenceMs);
  }

  /** Says why it is going to end, unless that is known. */
  explain(why: string | null): void {
    if (this.#outcome === undefined) this.#outcome = why;
  }

  /** Asks it to end by itself. */
  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends it at once; the reason is `why`, null where it has done what it was to do, unless there is one already. */
  kill(why: string | null): void {
    this.explain(why);
    clearTimeout(this.#silence);
    this.#child.kill("SIGKILL");
  }
}

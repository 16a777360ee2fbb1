/** The child process of one verification: its messages, its sign of life and its end. */

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { messageOf } from "../model/errors.ts";
import type { VerificationMessage, VerificationRequest } from "../model/verification.ts";

export interface VerificationProcessOptions {
  /** The module to run. */
  readonly module: URL;
  /** A verifier that says nothing for this long is killed. */
  readonly silenceMs: number;
  /** Called for each message, in order; not after the end. */
  readonly onMessage: (message: VerificationMessage) => void;
}

export class VerificationProcess {
  /** Resolves once the process is gone: null if it did what it was to do, else why not. Never rejects. */
  readonly ended: Promise<string | null>;
  readonly #child: ChildProcess;
  readonly #options: VerificationProcessOptions;
  #silence: ReturnType<typeof setTimeout>;
  /** Undefined while nobody knows why it should end. */
  #outcome: string | null | undefined;

  /** Starts it. Throws where no process can be started. */
  constructor(request: VerificationRequest, options: VerificationProcessOptions) {
    this.#options = options;
    this.#child = fork(fileURLToPath(options.module), [], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "json",
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        clearTimeout(this.#silence);
        const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
        resolve(this.#outcome === undefined ? `the process that compares ${how}` : this.#outcome);
      });
      this.#child.on("error", (error) => {
        this.kill(`the process that compares cannot be reached: ${error.message}`);
        if (this.#child.pid === undefined) resolve(this.#outcome ?? messageOf(error));
      });
    });
    this.#silence = this.#killAfterSilence();
    this.#child.on("message", (message: VerificationMessage) => this.#receive(request, message));
  }

  /** Ends it at once: it only reads. `why` becomes the reason, unless there is one already. */
  kill(why: string): void {
    this.#end(why);
  }

  #receive(request: VerificationRequest, message: VerificationMessage): void {
    if (this.#outcome !== undefined) return;
    clearTimeout(this.#silence);
    this.#silence = this.#killAfterSilence();
    this.#options.onMessage(message);
    if (message.type === "done") this.#end(null);
    if (message.type === "fatal") this.#end(message.message);
    if (message.type !== "ready") return;
    this.#child.send(request, (error) => {
      if (error) this.kill(`the process that compares cannot be reached: ${error.message}`);
    });
  }

  #end(outcome: string | null): void {
    if (this.#outcome === undefined) this.#outcome = outcome;
    clearTimeout(this.#silence);
    this.#child.kill("SIGKILL");
  }

  #killAfterSilence(): ReturnType<typeof setTimeout> {
    const seconds = this.#options.silenceMs / 1000;
    const why = `no sign of life for ${seconds} s: a filter may be in an endless loop`;
    return setTimeout(() => this.kill(why), this.#options.silenceMs);
  }
}

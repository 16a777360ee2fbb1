/** The child process of one verification: its messages, its sign of life and its end. */

import type { VerificationMessage, VerificationRequest } from "../model/verification.ts";
import { WatchedChild } from "./watched-child.ts";

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
  readonly #child: WatchedChild<VerificationRequest, VerificationMessage>;
  readonly #options: VerificationProcessOptions;

  /** Starts it. Throws where no process can be started. */
  constructor(request: VerificationRequest, options: VerificationProcessOptions) {
    this.#options = options;
    this.#child = new WatchedChild({
      module: options.module,
      name: "the process that compares",
      output: "inherit",
      onMessage: (message) => this.#receive(request, message),
    });
    this.ended = this.#child.ended;
    this.#heard();
  }

  /** Ends it at once: it only reads. `why` becomes the reason, unless there is one already. */
  kill(why: string): void {
    this.#child.kill(why);
  }

  #receive(request: VerificationRequest, message: VerificationMessage): void {
    if (this.#child.ending) return;
    this.#heard();
    this.#options.onMessage(message);
    if (message.type === "done") this.#child.kill(null);
    if (message.type === "fatal") this.#child.kill(message.message);
    if (message.type === "ready") this.#child.send(request);
  }

  #heard(): void {
    const { silenceMs } = this.#options;
    this.#child.killAfter(silenceMs, `no sign of life for ${silenceMs / 1000} s`);
  }
}

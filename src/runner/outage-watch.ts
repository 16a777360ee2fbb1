/** Finds out whether a cluster that clients complain about can be used, says what is waited for, and when it is over. */

import { messageOf, StraitError } from "../model/errors.ts";

const CHECK_INTERVAL_MS = 2000;
const CHECK_TIMEOUT_MS = 2000;

export class OutageWatch {
  readonly #name: string;
  readonly #ask: (timeoutMs: number) => Promise<unknown>;
  #reason: string | null = null;
  #checking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** `name` says which cluster it is, as in "source cluster east"; `ask` rejects while it cannot be used. */
  constructor(name: string, ask: (timeoutMs: number) => Promise<unknown>) {
    this.#name = name;
    this.#ask = ask;
  }

  /** What is waited for and why, or null. */
  get reason(): string | null {
    return this.#reason;
  }

  /**
   * To be called when a client reports trouble. Clients also complain when a single connection ends, and never report
   * that brokers are back, so the cluster itself is asked until it answers.
   */
  suspect(): void {
    if (this.#checking || this.#closed) return;
    this.#checking = true;
    void this.#check();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #check(): Promise<void> {
    try {
      await this.#ask(CHECK_TIMEOUT_MS);
      this.#reason = null;
      this.#checking = false;
    } catch (error) {
      if (this.#closed || (error instanceof StraitError && error.code === "closed")) return;
      this.#reason = `waiting for ${this.#name}: ${messageOf(error)}`;
      this.#timer = setTimeout(() => void this.#check(), CHECK_INTERVAL_MS);
    }
  }
}

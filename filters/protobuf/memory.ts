/** What has been seen of one message so far, which may stand on the wire in several pieces. */

import type { Step } from "./plan.ts";

export class Memory {
  readonly #counts = new Map<Step, number>();
  readonly #inner = new Map<Step, Memory>();

  /** How many of a field there were before this one. */
  count(step: Step): number {
    const count = this.#counts.get(step) ?? 0;
    this.#counts.set(step, count + 1);
    return count;
  }

  /** What has been seen of the message in a field; nothing yet when it is asked for the first time. */
  inner(step: Step): Memory {
    let inner = this.#inner.get(step);
    if (inner === undefined) {
      inner = new Memory();
      this.#inner.set(step, inner);
    }
    return inner;
  }

  has(step: Step): boolean {
    return this.#inner.has(step);
  }
}

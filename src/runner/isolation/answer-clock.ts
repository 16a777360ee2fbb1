/** Time as a filter host has it: turns of the event loop, and how long an answer may take. */

/** What of the runtime is needed, kept before any filter is loaded: they may put others in its place. */
const { setImmediate, setInterval, performance } = globalThis;

/** Instead of an answer that has not come in time. */
export const LATE: unique symbol = Symbol("late");

interface Waiting {
  readonly since: number;
  readonly giveUp: () => void;
}

export class AnswerClock {
  readonly #answerMs: number;
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<Waiting>();

  constructor(answerMs: number) {
    this.#answerMs = answerMs;
    // One for all: a timer for each record would cost more than filtering it.
    setInterval(() => this.#giveUp(), Math.max(1, answerMs / 20));
  }

  now(): number {
    return performance.now();
  }

  /** Resolves when everything that is due was done. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** The answer, or `LATE` if there is none in time. Rejects as it does. */
  within<T>(answer: Promise<T>): Promise<T | typeof LATE> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { since: this.now(), giveUp: () => resolve(LATE) };
      this.#waiting.add(waiting);
      answer.then(
        (value) => {
          this.#waiting.delete(waiting);
          resolve(value);
        },
        (error) => {
          this.#waiting.delete(waiting);
          reject(error);
        },
      );
    });
  }

  #giveUp(): void {
    const due = this.now() - this.#answerMs;
    for (const waiting of this.#waiting) {
      if (waiting.since > due) return;
      this.#waiting.delete(waiting);
      waiting.giveUp();
    }
  }
}

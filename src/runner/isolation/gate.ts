/** Lets in as much work at a time as may be under way, or one piece of work alone. */

interface Entry {
  readonly bytes: number;
  readonly alone: boolean;
  readonly enter: () => void;
}

export class Gate {
  readonly #maxBytes: number;
  /** In the order in which they came. */
  readonly #queue: Entry[] = [];
  #inside = 0;
  #bytes = 0;
  #alone = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Does work beside other work. What is larger than all that may be under way is let in when nothing else is. */
  shared<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    return this.#through({ bytes, alone: false }, work);
  }

  /** Does work while no other is done. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#through({ bytes: 0, alone: true }, work);
  }

  async #through<T>(kind: Omit<Entry, "enter">, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#queue.push({ ...kind, enter });
      this.#letIn();
    });
    try {
      return await work();
    } finally {
      this.#inside--;
      this.#bytes -= kind.bytes;
      this.#alone = false;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (let next = this.#queue[0]; next !== undefined && this.#hasRoom(next); next = this.#queue[0]) {
      this.#queue.shift();
      this.#inside++;
      this.#bytes += next.bytes;
      this.#alone = next.alone;
      next.enter();
    }
  }

  #hasRoom({ bytes, alone }: Entry): boolean {
    if (this.#inside === 0) return true;
    return !alone && !this.#alone && this.#bytes + bytes <= this.#maxBytes;
  }
}

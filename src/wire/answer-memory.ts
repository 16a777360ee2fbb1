/**
 * Memory for large answers, used again and again. What a runtime is told to forget it frees late: without this, a runner
 * that copies 90 MB/s takes twice the memory (see docs/design.md).
 */

/** Smaller answers have memory of their own: they may be kept for long by one slow partition. */
const SMALLEST = 256 << 10;
/** What is kept for later. */
const KEPT_BYTES = 32 << 20;

export class AnswerMemory {
  /** By size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  /** Memory of at least this size that nobody else has; its content is whatever was there. */
  take(length: number): Buffer {
    if (length < SMALLEST) return Buffer.allocUnsafeSlow(length);
    const size = 2 ** Math.ceil(Math.log2(length));
    const found = this.#free.get(size)?.pop();
    if (found === undefined) return Buffer.allocUnsafeSlow(size);
    this.#freeBytes -= size;
    return found;
  }

  /** Takes memory back that nobody reads any more. */
  give(memory: Buffer): void {
    const size = memory.length;
    if (size < SMALLEST || this.#freeBytes + size > KEPT_BYTES) return;
    this.#freeBytes += size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [memory]);
    else free.push(memory);
  }
}

/** The memory of one answer, held by all who read a part of it. */
export class AnswerLease {
  readonly #memory: AnswerMemory;
  #taken: Buffer | null = null;
  #holders = 1;

  /** The first holder is whoever makes it. */
  constructor(memory: AnswerMemory) {
    this.#memory = memory;
  }

  /** Memory for the answer; to be called once. */
  readonly take = (length: number): Buffer => {
    this.#taken = this.#memory.take(length);
    return this.#taken;
  };

  hold(): void {
    this.#holders++;
  }

  /** One holder does not read any more. */
  release(): void {
    this.#holders--;
    if (this.#holders > 0 || this.#taken === null) return;
    this.#memory.give(this.#taken);
    this.#taken = null;
  }

  /** Somebody may read this memory for longer than it is held: it is left to the runtime. */
  spoil(): void {
    this.#taken = null;
  }
}

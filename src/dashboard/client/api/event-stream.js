/** Server-sent events that come back after whatever cut them off. */

/**
 * @typedef {object} EventStreamOptions
 * @property {string} path
 * @property {Readonly<Record<string, (data: any) => void>>} on by the event's name, with its JSON
 * @property {(state: "open" | "lost") => void} onState
 * @property {() => Promise<boolean>} mayRetry asked after the server has refused: false ends the stream
 */

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10_000;

/**
 * Longer than any pause a server that lives makes while there is something to tell. A connection that a network
 * swallowed looks open for ever otherwise.
 */
const SILENCE_MS = 15_000;

export class EventStream {
  #options;
  /** @type {EventSource | null} */
  #source = null;
  #delayMs = FIRST_DELAY_MS;
  #closed = false;
  #heardAt = 0;
  #watch = 0;
  #retry = 0;

  /** @param {EventStreamOptions} options */
  constructor(options) {
    this.#options = options;
    this.#open();
    this.#watch = window.setInterval(() => this.#checkSilence(), 1_000);
  }

  close() {
    this.#closed = true;
    this.#source?.close();
    window.clearInterval(this.#watch);
    window.clearTimeout(this.#retry);
  }

  #open() {
    const { path, on, onState } = this.#options;
    const source = new EventSource(path);
    this.#source = source;
    this.#heardAt = 0;
    source.addEventListener("open", () => {
      this.#delayMs = FIRST_DELAY_MS;
      onState("open");
    });
    source.addEventListener("error", () => {
      onState("lost");
      // A connection that broke the browser makes again by itself. An answer that was no stream it takes for final.
      if (source.readyState === EventSource.CLOSED) void this.#again();
    });
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, ({ data }) => {
        this.#heardAt = Date.now();
        handle(JSON.parse(data));
      });
    }
  }

  async #again() {
    this.#source?.close();
    if (this.#closed || !(await this.#options.mayRetry())) return;
    this.#retry = window.setTimeout(() => {
      if (!this.#closed) this.#open();
    }, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }

  #checkSilence() {
    if (this.#heardAt === 0 || Date.now() - this.#heardAt < SILENCE_MS) return;
    this.#heardAt = 0;
    this.#options.onState("lost");
    void this.#again();
  }
}

/** The links as they are now: read once, then kept up by events. What changed is told at most once a frame. */

import { EventStream } from "../api/event-stream.js";
import { LagHistory } from "./lag-history.js";

/** @typedef {import("../api/api.js").Api} Api */
/** @typedef {import("../types.d.ts").LinkLag} LinkLag */
/** @typedef {import("../types.d.ts").LinkState} LinkState */
/** @typedef {import("../types.d.ts").LinkView} LinkView */

/**
 * @typedef {"connecting" | "live" | "lost"} ConnectionState
 * @typedef {{ readonly link: string, readonly state: LinkState, readonly reason: string | null }} StateChange
 *
 * @typedef {object} LiveEvents
 * @property {(change: StateChange) => void} onStateChange a link is in another state than before
 * @property {() => void} onReconnected another strait may be there now
 */

/** Changes that events do not tell of, such as another filter, are seen at last after so long. */
const REFRESH_MS = 15_000;

/** Each link's lag comes once a second. One of which nothing is heard for so long may have been removed. */
const SILENT_MS = 4_000;

/** Of so many links the details that charts need are kept: those looked at last. */
const DETAILED_LINKS = 3;

export class Live {
  /** @type {Map<string, LinkView>} */
  links = new Map();
  /** @type {Map<string, LinkLag>} */
  lags = new Map();
  /** @type {{ state: ConnectionState, since: number }} */
  connection = { state: "connecting", since: Date.now() };
  #api;
  #events;
  /** @type {Map<string, LagHistory>} */
  #histories = new Map();
  /** The links whose details are kept, the one looked at last at the end. @type {string[]} */
  #detailed = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #frameAsked = false;
  /** @type {EventStream | null} */
  #stream = null;
  /** The last reading that began, and one that begins after it. @type {Promise<void> | null} */
  #reading = null;
  /** @type {Promise<void> | null} */
  #readingNext = null;
  #readAt = 0;
  /** When a link was last heard of. @type {Map<string, number>} */
  #heardAt = new Map();
  #timer = 0;
  #hasBeenLive = false;

  /**
   * @param {Api} api
   * @param {LiveEvents} events
   */
  constructor(api, events) {
    this.#api = api;
    this.#events = events;
  }

  /** Reads the links and follows them until `stop()`. Rejects if they cannot be read. */
  async start() {
    await this.refresh();
    window.clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#checkAge(), 1_000);
    this.#stream ??= new EventStream({
      path: "/v1/events",
      on: { state: (change) => this.#onState(change), lag: (lag) => this.#onLag(lag) },
      onState: (state) => this.#onConnection(state),
      // Whether it was refused because the session is over; a strait that does not answer may come back.
      mayRetry: async () => (await this.#api.identify().catch(() => this.#api.session)) !== null,
    });
  }

  stop() {
    window.clearInterval(this.#timer);
    this.#stream?.close();
    this.#stream = null;
    this.links.clear();
    this.lags.clear();
    this.#histories.clear();
    this.#hasBeenLive = false;
  }

  /** Reads all links anew. What was changed before the call is in them when it resolves. */
  refresh() {
    // An answer that is under way may be from before the change, so there is another after it.
    this.#readingNext ??= (this.#reading ?? Promise.resolve())
      .catch(() => undefined) // said by whoever asked for that one
      .then(() => {
        this.#reading = this.#readingNext;
        this.#readingNext = null;
        return this.#read();
      });
    return this.#readingNext;
  }

  /**
   * Calls at the next frame after anything has changed, until the signal is aborted.
   *
   * @param {() => void} listener
   * @param {AbortSignal} signal
   */
  onChange(listener, signal) {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
  }

  /**
   * What was seen of a link's lag.
   *
   * @param {string} link
   */
  history(link) {
    const found = this.#histories.get(link) ?? new LagHistory();
    this.#histories.set(link, found);
    return found;
  }

  /**
   * The same, with its mappings and partitions from now on.
   *
   * @param {string} link
   */
  detailedHistory(link) {
    this.#detailed = [...this.#detailed.filter((each) => each !== link), link];
    while (this.#detailed.length > DETAILED_LINKS) this.history(this.#detailed.shift() ?? "").forgetDetails();
    const history = this.history(link);
    history.keepDetails();
    return history;
  }

  async #read() {
    const { links } = await this.#api.get("/v1/links");
    this.#readAt = Date.now();
    this.links = new Map(links.map((/** @type {LinkView} */ link) => [link.name, link]));
    for (const map of [this.lags, this.#histories, this.#heardAt]) {
      for (const name of map.keys()) if (!this.links.has(name)) map.delete(name);
    }
    for (const name of this.#heardAt.keys()) this.#heardAt.set(name, this.#readAt);
    this.#tell();
  }

  /** @param {StateChange} change */
  #onState(change) {
    const known = this.links.get(change.link);
    if (known === undefined) {
      this.#refreshSoon();
      return;
    }
    const { state, reason } = change;
    if (known.state !== state) {
      this.#events.onStateChange(change);
      this.#refreshSoon(); // whether an operator has paused it, events do not say
    }
    this.links.set(change.link, { ...known, state, reason });
    this.#tell();
  }

  /** @param {LinkLag} lag */
  #onLag(lag) {
    const now = Date.now();
    this.lags.set(lag.link, lag);
    this.#heardAt.set(lag.link, now);
    this.history(lag.link).record(lag, now);
    const known = this.links.get(lag.link);
    if (known === undefined || hasOtherMappings(known, lag)) this.#refreshSoon();
    this.#tell();
  }

  #checkAge() {
    if (this.connection.state !== "live") return;
    const now = Date.now();
    const isSilent = [...this.#heardAt.values()].some((at) => now - at > SILENT_MS);
    if (isSilent || now - this.#readAt > REFRESH_MS) this.#refreshSoon();
  }

  /** Not more than once a second: what is seen in events is there before the answer has it. */
  #refreshSoon() {
    if (Date.now() - this.#readAt < 1_000) return;
    this.#readAt = Date.now();
    // The next event asks again.
    this.refresh().catch(() => undefined);
  }

  /** @param {"open" | "lost"} state */
  #onConnection(state) {
    const next = state === "open" ? "live" : "lost";
    if (next === this.connection.state) return;
    this.connection = { state: next, since: Date.now() };
    if (next === "live" && this.#hasBeenLive) {
      this.#events.onReconnected();
      this.refresh().catch(() => undefined); // its own failure is seen by the next request
    }
    this.#hasBeenLive ||= next === "live";
    this.#tell();
  }

  #tell() {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/**
 * Whether partitions are of a mapping that the link was not known to have.
 *
 * @param {LinkView} link
 * @param {LinkLag} lag
 */
function hasOtherMappings(link, lag) {
  const names = new Set(link.mappings.map(({ name }) => name));
  return lag.partitions.some(({ mapping }) => !names.has(mapping));
}

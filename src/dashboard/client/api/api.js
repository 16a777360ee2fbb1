/** Speaks to strait over HTTP. */

import { ApiProblem, problemOf } from "./problem.js";

/** @typedef {import("../types.d.ts").Session} Session */

const CSRF_HEADER = "x-strait-csrf";

export class Api {
  /** Who one is; null before it is known and after the session is over. @type {Session | null} */
  session = null;
  /** Called when strait no longer knows who one is. @type {() => void} */
  onSignedOut = () => undefined;

  /**
   * The answer's JSON, null for an empty one. Throws an ApiProblem, or what `signal` was aborted with.
   *
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, signal?: AbortSignal }} [options]
   * @returns {Promise<T>}
   */
  async send(method, path, { body, signal } = {}) {
    /** @type {Record<string, string>} */
    const headers = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (this.session?.csrf) headers[CSRF_HEADER] = this.session.csrf;
    const response = await fetch(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    }).catch((error) => {
      signal?.throwIfAborted();
      throw new ApiProblem(0, `strait does not answer (${error.message}); is it running?`);
    });
    if (!response.ok) {
      const problem = await problemOf(response);
      if (response.status === 401 && this.session !== null) {
        this.session = null;
        this.onSignedOut();
      }
      throw problem;
    }
    const text = await response.text();
    return JSON.parse(text === "" ? "null" : text);
  }

  /**
   * @template T
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  get(path, signal) {
    return this.send("GET", path, signal === undefined ? {} : { signal });
  }

  /** Finds out who one is. Null: one has to log in. Throws an ApiProblem for anything else. */
  async identify() {
    try {
      this.session = /** @type {Session} */ (await this.get("/v1/session"));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      this.session = null;
    }
    return this.session;
  }

  /**
   * Logs in. The token goes into no storage: the server sets a cookie that scripts cannot read.
   *
   * @param {string} token
   */
  async logIn(token) {
    this.session = /** @type {Session} */ (await this.send("POST", "/v1/session", { body: { token } }));
  }

  async logOut() {
    await this.send("DELETE", "/v1/session");
    this.session = null;
    this.onSignedOut();
  }
}

/**
 * A path with its parts encoded: pathTo("links", "eu-to-us").
 *
 * @param {...string} parts
 */
export function pathTo(...parts) {
  return `/v1/${parts.map(encodeURIComponent).join("/")}`;
}

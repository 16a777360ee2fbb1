/** Talks to a running strait. */

import { connectionWords } from "./connection-words.ts";
import { type Fetch, fetchTrusting } from "./https-fetch.ts";
import { refusalText } from "./refusal-text.ts";
import { UsageError } from "./usage-error.ts";

/** A request that failed; the message is for the person at the terminal. */
export class RequestFailed extends Error {
  /** Of the answer; null where there was none. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface RequestOptions {
  /** How long to wait for the answer; null: as long as it takes. Default 30,000. */
  readonly timeoutMs?: number | null;
  readonly signal?: AbortSignal;
}

export interface ClientSettings {
  /** Default: that of STRAIT_TOKEN. Null: none. */
  readonly token?: string | null;
  /** PEM of the authorities to trust. Default: those that the runtime trusts. */
  readonly authorities?: string;
}

const TIMEOUT_MS = 30_000;

export class ApiClient {
  readonly url: string;
  readonly #token: string | null;
  readonly #fetch: Fetch;

  /** Throws {@link UsageError} where the URL is none. */
  constructor(url: string, { token, authorities }: ClientSettings = {}) {
    this.url = url.replace(/\/+$/, "");
    this.#token = (token === undefined ? process.env["STRAIT_TOKEN"] : token) || null;
    this.#fetch = fetchTrusting(authorities ?? null);
    if (!/^https?:$/.test(URL.parse(this.url)?.protocol ?? "")) {
      throw new UsageError(`--url takes an address such as http://127.0.0.1:7070, not ${JSON.stringify(url)}`);
    }
  }

  /** The JSON of the answer, null for an empty one. Rejects with {@link RequestFailed}. */
  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<unknown> {
    return (await this.exchange(method, path, body, options)).body;
  }

  /** The same, with the status of the answer. */
  async exchange(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const { status, text } = await this.exchangeText(method, path, body, options);
    if (text === "") return { status, body: null };
    try {
      return { status, body: JSON.parse(text) };
    } catch (cause) {
      throw new RequestFailed(`${this.url} is not a strait: its answer is not JSON`, status, { cause });
    }
  }

  /** The same, with the answer as it is. */
  async exchangeText(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const response = await this.open(method, path, body, options);
    return { status: response.status, text: await this.#read(response, options) };
  }

  /** The answer to be read by whoever asks, after a good status. Rejects with {@link RequestFailed}. */
  async open(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Response> {
    const { timeoutMs = TIMEOUT_MS, signal } = options;
    const signals = [...(timeoutMs === null ? [] : [AbortSignal.timeout(timeoutMs)]), ...(signal ? [signal] : [])];
    let response: Response;
    try {
      response = await this.#fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(this.#token !== null && { authorization: `Bearer ${this.#token}` }),
        },
        signal: AbortSignal.any(signals),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new RequestFailed(connectionWords(this.url, cause, timeoutMs ?? 0), null, { cause });
    }
    if (response.ok) return response;
    const { status } = response;
    const text = await this.#read(response, options);
    const refusal = { status, text, url: this.url, hasToken: this.#token !== null };
    throw new RequestFailed(refusalText(refusal), status);
  }

  async #read(response: Response, { timeoutMs = TIMEOUT_MS }: RequestOptions): Promise<string> {
    try {
      return await response.text();
    } catch (cause) {
      throw new RequestFailed(connectionWords(this.url, cause, timeoutMs ?? 0), response.status, { cause });
    }
  }
}

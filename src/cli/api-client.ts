/** Talks to a running strait. */

import { messageOf } from "../model/errors.ts";

/** A request that failed; the message is for the person at the terminal. */
export class RequestFailed extends Error {}

const TIMEOUT_MS = 30_000;

interface ProblemAnswer {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export class ApiClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, "");
  }

  /** The JSON of the answer, null for an empty one. Rejects with {@link RequestFailed}. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    try {
      const token = process.env["STRAIT_TOKEN"];
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new RequestFailed(`no strait answers at ${this.#url} (set with --url or STRAIT_URL): ${messageOf(error)}`);
    }
    const text = await response.text();
    if (!response.ok) throw new RequestFailed(problemText(response.status, text));
    if (text === "") return null;
    try {
      return JSON.parse(text);
    } catch {
      throw new RequestFailed(`${this.#url} is not a strait: its answer is not JSON`);
    }
  }
}

function problemText(status: number, text: string): string {
  let problem: ProblemAnswer;
  try {
    problem = JSON.parse(text) as ProblemAnswer;
  } catch {
    return `the server answered ${status}`;
  }
  const errors = problem.errors ?? [];
  if (errors.length === 0) return problem.detail ?? `the server answered ${status}`;
  return errors.map(({ path, message }) => `${path}: ${message}`).join("\n");
}

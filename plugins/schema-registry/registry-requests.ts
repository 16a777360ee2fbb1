/**
 * Requests to a schema registry: one after the other with retries, credentials and a bound in time, and one kind of error.
 * They go through the transport of Confluent's client, which is loaded with the first request: it needs 35 MB and 0.1 s
 * (Bun 1.4.5, schemaregistry 1.10.1), and its whole index, with the key services of three clouds, 90 MB and 0.7 s.
 */

import { readFile } from "node:fs/promises";
import { Agent } from "node:https";
import type { RestService } from "@confluentinc/schemaregistry/dist/rest-service.js";
import { StraitError } from "../../src/mod.ts";
import { inFewWords, refusal } from "./refusal.ts";

/** How a registry is reached. Secrets are references, resolved for each request, so that new ones are taken up. */
export interface RegistryAccess {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** A bearer token. */
  readonly token?: string;
  /** PEM file of the authorities to trust, instead of the usual ones. */
  readonly caFile?: string;
}

export interface RequestOptions {
  /** Resolves a `${env:NAME}` or `${file:PATH}` reference. */
  readonly secret: (reference: string) => Promise<string>;
  /** How long a request may take with all its retries. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Between attempts a random time up to 0.2 s, 0.4 s, 0.8 s ... passes, as the client's transport has it. */
const RETRIES = 6;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000;
/** No schema is near this long; an answer that is has another sender. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export class RegistryRequests {
  readonly #access: RegistryAccess;
  readonly #secret: RequestOptions["secret"];
  readonly #timeoutMs: number;
  #service: Promise<RestService> | undefined;

  constructor(access: RegistryAccess, options: RequestOptions) {
    this.#access = access;
    this.#secret = options.secret;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  get(path: string): Promise<unknown> {
    return this.#send("GET", path, undefined);
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#send("POST", path, body);
  }

  /**
   * The answer's body. Rejects with `filter-failed` where the registry knows the request and refuses it, and with
   * `schema-unavailable` (retriable) where it does not answer or not as a registry does.
   */
  async #send(method: "GET" | "POST", path: string, body: unknown): Promise<unknown> {
    const { authorization, secrets } = await this.#credentials();
    const service = await this.#loaded();
    try {
      const { data } = await service.handleRequest(path, method, body, {
        headers: authorization === null ? {} : { Authorization: authorization },
        // The transport's own timeout counts from the first attempt; this one ends also what never connects.
        signal: AbortSignal.timeout(this.#timeoutMs + 500),
      });
      return data;
    } catch (thrown) {
      // Not as the cause: what the transport throws holds the request with its credentials.
      throw refusal(thrown, { url: this.#access.url, method, path, secrets });
    }
  }

  async #credentials(): Promise<{ authorization: string | null; secrets: readonly string[] }> {
    const { username, password, token } = this.#access;
    if (token !== undefined) {
      const secret = await this.#secret(token);
      return { authorization: `Bearer ${secret}`, secrets: [secret] };
    }
    if (username === undefined || password === undefined) return { authorization: null, secrets: [] };
    const secret = await this.#secret(password);
    const encoded = Buffer.from(`${username}:${secret}`).toString("base64");
    return { authorization: `Basic ${encoded}`, secrets: [encoded, secret] };
  }

  #loaded(): Promise<RestService> {
    this.#service ??= this.#load().catch((error) => {
      this.#service = undefined;
      throw error;
    });
    return this.#service;
  }

  async #load(): Promise<RestService> {
    const { url, caFile } = this.#access;
    const agent = caFile === undefined ? {} : { httpsAgent: new Agent({ ca: await authorities(url, caFile) }) };
    const { RestService } = await import("@confluentinc/schemaregistry/dist/rest-service.js");
    const settings = {
      ...agent,
      timeout: this.#timeoutMs,
      maxContentLength: MAX_ANSWER_BYTES,
      // A registry that sends us elsewhere is not where it was said to be, and nobody said that it may.
      maxRedirects: 0,
    };
    const none = undefined;
    return new RestService([url], false, settings, none, none, RETRIES, FIRST_WAIT_MS, LONGEST_WAIT_MS);
  }
}

async function authorities(url: string, caFile: string): Promise<string> {
  try {
    return await readFile(caFile, "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new StraitError("schema-unavailable", `cannot read ${inFewWords(caFile)}, the caFile of ${url}: ${code}`, {
      retriable: true,
    });
  }
}

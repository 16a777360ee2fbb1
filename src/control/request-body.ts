/** Reads the JSON body of a request, with limits. */

import { jsonSyntaxError } from "./json-syntax-error.ts";
import { HttpProblem } from "./problem.ts";

export const MAX_BODY_BYTES = 1024 * 1024;

/** Enough for the largest body on a slow line; a client that sends a byte now and then holds a connection no longer. */
const DEFAULT_TIMEOUT_MS = 20_000;

export interface BodyOptions {
  /** Default 1 MiB. */
  readonly maxBytes?: number;
  /** How long the whole body may take, milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/** The parsed body. Throws {@link HttpProblem}: 415, 413, 408, or 400 with the place of the mistake. */
export async function readJson(request: Request, options: BodyOptions = {}): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new HttpProblem(415, "send the body as application/json");
  const bytes = await readLimited(request, options);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem(400, "the body is not valid UTF-8");
  }
  const mistake = jsonSyntaxError(text);
  if (mistake !== null) {
    throw new HttpProblem(
      400,
      `the body is not JSON: line ${mistake.line}, column ${mistake.column}: ${mistake.message}`,
    );
  }
  return JSON.parse(text);
}

/**
 * A body that announces a length too large is refused unread, one that turns out too large as soon as it does, and one
 * that takes too long when the time is over. The connection is not used again then: the rest may still come.
 */
async function readLimited(request: Request, options: BodyOptions): Promise<Uint8Array> {
  const { maxBytes = MAX_BODY_BYTES, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const headers = { connection: "close" };
  const tooLarge = () => new HttpProblem(413, `the body is larger than ${maxBytes} bytes`, { headers });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HttpProblem(408, `the body was not there within ${timeoutMs} ms`, { headers })),
    timeoutMs,
  );
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (true) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined); // nobody wants the rest
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem(400, "the body broke off");
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the JSON body of a request, with limits. */

import { jsonSyntaxError } from "./json-syntax-error.ts";
import { HttpProblem } from "./problem.ts";

const MAX_BYTES = 1024 * 1024;

/** The parsed body. Throws {@link HttpProblem}: 415, 413, or 400 with the place of the mistake. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new HttpProblem(415, "send the body as application/json");
  const bytes = await readLimited(request);
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

/** A body that announces a length too large is refused unread, one that turns out too large as soon as it does. */
async function readLimited(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new HttpProblem(413, `the body is larger than ${MAX_BYTES} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

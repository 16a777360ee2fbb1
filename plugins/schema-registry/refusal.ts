/** What a failed request to a schema registry means, in words that hold no secret and no schema. */

import { StraitError } from "../../src/mod.ts";

export interface FailedRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What must not be repeated, however the registry words its answer. */
  readonly secrets: readonly string[];
}

/** As the client's `RestError` has them: -1 for an answer that is not a registry's. */
interface RegistryAnswer {
  readonly status: number;
  readonly errorCode: number;
  readonly message: string;
}

const LONGEST_WORDS = 200;

/**
 * The error for what the client threw. A registry's answer that says "no" to what was asked is `filter-failed`; all else
 * is `schema-unavailable`, retriable: also wrong credentials, which are read anew for each request.
 */
export function refusal(thrown: unknown, request: FailedRequest): StraitError {
  const where = `the schema registry at ${request.url}`;
  if (!isAnswer(thrown)) {
    const code = (thrown as { code?: unknown } | null)?.code;
    const why = typeof code === "string" ? ` (${inFewWords(code)})` : "";
    return new StraitError("schema-unavailable", `${where} does not answer${why}`, { retriable: true });
  }
  const { status, errorCode } = thrown;
  const asked = `${request.method} ${request.path}`;
  if (status === 401 || status === 403) {
    return new StraitError(
      "schema-unavailable",
      `${where} does not let us in (${status} to ${asked}): ${wordsOf(thrown, request)}`,
      { retriable: true },
    );
  }
  if (errorCode === -1 || status < 400 || status >= 500 || status === 408 || status === 429) {
    const why = errorCode === -1 && status < 500 ? "not as a schema registry does; check the URL" : "an error";
    return new StraitError("schema-unavailable", `${where} answers ${asked} with ${status}: ${why}`, {
      retriable: true,
    });
  }
  if (status === 409) {
    const kinds = incompatibilities(thrown.message);
    const why = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
    return new StraitError(
      "filter-failed",
      `${where} refuses the schema as incompatible with earlier ones: 409 to ${asked}${why}; change the subject's compatibility there, or the selection`,
    );
  }
  // What is said of a schema that was sent may quote it, with doc texts and defaults.
  const words = request.method === "POST" ? "" : `: ${wordsOf(thrown, request)}`;
  return new StraitError("filter-failed", `${where} answers ${asked} with ${status} (${errorCode})${words}`);
}

/** Text of others for a message: on one line and short. */
export function inFewWords(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length <= LONGEST_WORDS ? line : `${line.slice(0, LONGEST_WORDS)}...`;
}

function wordsOf({ message }: RegistryAnswer, { secrets }: FailedRequest): string {
  let words = message;
  for (const secret of secrets) words = words.replaceAll(secret, "***");
  return inFewWords(words);
}

/** The kinds of incompatibility that Confluent's registry names (`errorType:'...'`); the rest of its words quotes schemas. */
function incompatibilities(words: string): string[] {
  return [...new Set([...words.matchAll(/errorType"?\s*:\s*['"]([A-Z_]{1,64})['"]/g)].map(([, kind = ""]) => kind))];
}

function isAnswer(thrown: unknown): thrown is RegistryAnswer {
  if (!(thrown instanceof Error)) return false;
  const { status, errorCode } = thrown as Partial<RegistryAnswer>;
  return typeof status === "number" && typeof errorCode === "number";
}

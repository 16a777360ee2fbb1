/** Errors as HTTP answers: problem documents (RFC 9457). */

import { type Static, Type } from "typebox";
import { type FieldError, InvalidConfiguration } from "../config/invalid-configuration.ts";
import { type ErrorCode, StraitError } from "../model/errors.ts";
import { withoutTokens } from "./security/secret-text.ts";

export const Problem = Type.Object(
  {
    type: Type.String({ description: "Which kind of problem; `about:blank` if the status says it all." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: "JSON Pointer to the field, or /NAME for a parameter." }),
          message: Type.String(),
        }),
      ),
    ),
  },
  { description: "What went wrong (RFC 9457)." },
);
export type Problem = Static<typeof Problem>;

/** Thrown by anything that answers a request with a status of its own. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    options: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** What each status means, in a word or two. */
export const PROBLEM_TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  408: "Body too slow",
  409: "Conflict",
  413: "Body too large",
  415: "Unsupported media type",
  422: "Invalid content",
  429: "Too many requests",
  500: "Internal error",
  502: "Cluster did not answer",
  503: "Not available",
  504: "Not in time",
};

const STATUS_OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  configuration: 422,
  "filter-invalid": 422,
  "secret-unavailable": 422,
  "not-found": 404,
  conflict: 409,
  "cluster-unreachable": 502,
  "authentication-failed": 502,
  "authorization-failed": 502,
  // What is read may be deleted meanwhile.
  "unknown-topic": 502,
  "offset-out-of-range": 502,
  kafka: 502,
  timeout: 502,
  closed: 503,
};

/** The answer to a request that failed. What strait did not foresee says nothing of its inside; no token is repeated. */
export function problemResponse(thrown: unknown): Response {
  const { status, detail, errors, headers } = facts(thrown);
  const problem: Problem = { type: "about:blank", title: PROBLEM_TITLES[status] ?? "Error", status, detail };
  const body = errors.length === 0 ? problem : { ...problem, errors };
  return new Response(`${withoutTokens(JSON.stringify(body))}\n`, {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}

/** Whether an error is strait's own mistake and must be logged where it is answered. */
export function isUnforeseen(thrown: unknown): boolean {
  return facts(thrown).status === 500;
}

function facts(thrown: unknown): Pick<HttpProblem, "status" | "errors" | "headers"> & { detail: string } {
  if (thrown instanceof HttpProblem) return { ...thrown, status: thrown.status, detail: thrown.message };
  if (thrown instanceof StraitError) {
    const status = STATUS_OF_CODE[thrown.code];
    const errors = thrown instanceof InvalidConfiguration ? thrown.errors : [];
    if (status !== undefined) return { status, detail: detailOf(thrown, errors), errors, headers: {} };
  }
  return { status: 500, detail: "strait failed to answer; its log says more", errors: [], headers: {} };
}

function detailOf(error: StraitError, errors: readonly FieldError[]): string {
  if (errors.length === 0) return error.message;
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return `${first?.path ? `${first.path}: ` : ""}${first?.message ?? ""}${more}`;
}

/** Answers with a problem document, which are the same wherever they are given. */

import { PROBLEM_TITLES } from "../problem.ts";
import type { Operation } from "../route-table.ts";
import type { Json } from "./components.ts";

/** What each means, whoever gives it. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: "The request cannot be understood: the body is not JSON or not UTF-8, a parameter is wrong, unknown or repeated, or there is no Host.",
  401: "There is no token, or none that is known and valid.",
  403: "The token's role does not do, the request is not addressed to this server, or a page of another origin asks for a change.",
  404: "There is no such thing.",
  408: "The body did not come in time.",
  409: "It exists already, or is in use.",
  413: "The body is too large.",
  415: "The body is not sent as application/json.",
  422: "The content is wrong; `errors` says where.",
  429: "Too many wrong tokens came from this address.",
  502: "A cluster had to be asked and did not answer.",
  503: "strait is shutting down, or does as much of this as it can already.",
  504: "What was waited for did not come in time.",
};

const HEADERS: Readonly<Record<number, Json>> = {
  401: { "WWW-Authenticate": { description: "How to authenticate.", schema: { type: "string" } } },
  429: { "Retry-After": { description: "After so many seconds.", schema: { type: "string", pattern: "^\\d+$" } } },
};

/** The statuses with which an operation may answer with a problem. */
export function problemStatuses({ problems = [], role, body }: Operation): number[] {
  const ofAccess = role === "none" ? [400, 403] : [400, 401, 403, 429];
  const ofBody = body === undefined ? [] : [400, 408, 413, 415, 422];
  return [...new Set([...problems, ...ofAccess, ...ofBody])].toSorted((a, b) => a - b);
}

/** References to them, by status. */
export function problemReferences(operation: Operation): Record<string, Json> {
  return Object.fromEntries(
    problemStatuses(operation).map((status) => [String(status), { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

/** For `components/responses`. */
export function problemResponses(): Json {
  return Object.fromEntries(Object.keys(MEANINGS).map((status) => [nameOf(Number(status)), response(Number(status))]));
}

function response(status: number): Json {
  const example = {
    type: "about:blank",
    title: PROBLEM_TITLES[status],
    status,
    detail: "What is wrong, and what to do.",
  };
  return {
    description: MEANINGS[status],
    ...(HEADERS[status] && { headers: HEADERS[status] }),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, example } },
  };
}

/** Its title without spaces: NotFound. */
function nameOf(status: number): string {
  const words = (PROBLEM_TITLES[status] ?? String(status)).split(" ");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

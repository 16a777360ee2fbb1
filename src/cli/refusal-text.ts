/** Problem documents (RFC 9457) in words for the person at the terminal. */

import { pointerSegments } from "../config/json-pointer.ts";
import { neededRole } from "./needed-role.ts";

/** A request that was answered, and not as it should be. */
export interface Refusal {
  readonly method: string;
  /** As in the request, with its query. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
  /** Where the strait is. */
  readonly url: string;
  /** Whether the request came with a token. */
  readonly hasToken: boolean;
}

interface ProblemAnswer {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** A line for each mistake, naming the field, or what the server said, with what to do about tokens. */
export function refusalText(refusal: Refusal): string {
  const { status, text, url, hasToken } = refusal;
  const problem = parsed(text);
  if (problem === null) return `${url} answered ${status}, and not as a strait does: see --url or STRAIT_URL`;
  const errors = problem.errors ?? [];
  if (errors.length > 0) return errors.map(({ path, message }) => `${fieldName(path)}${message}`).join("\n");
  const detail = problem.detail ?? `the server answered ${status}`;
  if (status === 401) return hasToken ? `${detail}; the token was taken from STRAIT_TOKEN` : withoutToken(refusal);
  return status === 403 && hasToken ? `${detail}; the token was taken from STRAIT_TOKEN` : detail;
}

/** The field of a JSON Pointer as it is written in code, `mappings[0].mode`, with a colon behind; "" for the whole. */
export function fieldName(pointer: string): string {
  const name = pointerSegments(pointer).reduce((before, segment) => {
    if (/^\d+$/.test(segment)) return `${before}[${segment}]`;
    if (!/^[\w-]+$/.test(segment)) return `${before}[${JSON.stringify(segment)}]`;
    return before === "" ? segment : `${before}.${segment}`;
  }, "");
  return name === "" ? "" : `${name}: `;
}

function withoutToken({ method, path, url }: Refusal): string {
  const role = neededRole(method, path.split("?")[0] ?? path);
  return [
    `${url} wants a token: set STRAIT_TOKEN to one with the role ${role}${role === "viewer" ? " or any other" : role === "admin" ? "" : " or admin"}`,
    `(who is admin makes one with \`strait token new NAME --role ${role}\`)`,
  ].join("\n");
}

function parsed(text: string): ProblemAnswer | null {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null && "status" in problem ? (problem as ProblemAnswer) : null;
  } catch {
    return null; // a proxy answered, or another program
  }
}

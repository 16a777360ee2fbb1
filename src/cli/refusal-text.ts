/** Problem documents (RFC 9457) in words for the person at the terminal. */

import { pointerSegments } from "../config/json-pointer.ts";

/** A request that was answered, and not as it should be. */
export interface Refusal {
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
export function refusalText({ status, text, url, hasToken }: Refusal): string {
  const problem = parsed(text);
  if (problem === null) return `${url} answered ${status}, and not as a strait does: see --url or STRAIT_URL`;
  const errors = problem.errors ?? [];
  if (errors.length > 0) return errors.map(({ path, message }) => `${fieldName(path)}${message}`).join("\n");
  const detail = problem.detail ?? `the server answered ${status}`;
  if (hasToken) return status === 401 || status === 403 ? `${detail}; the token was taken from STRAIT_TOKEN` : detail;
  return status === 401
    ? `${url}: ${detail}\n(who is admin makes one with \`strait token new NAME --role ROLE\`)`
    : detail;
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

function parsed(text: string): ProblemAnswer | null {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null && "status" in problem ? (problem as ProblemAnswer) : null;
  } catch {
    return null; // a proxy answered, or another program
  }
}

/** What a process of strait's says of an error that ends it. */

import { StraitError } from "./errors.ts";

export interface FatalMessage {
  readonly type: "fatal";
  readonly code: string;
  /** Holds no secret and no content. */
  readonly message: string;
}

/** Only strait's own errors are known to hold no content; of any other the kind and the place are said. */
export function fatalMessage(error: unknown): FatalMessage {
  if (error instanceof StraitError) return { type: "fatal", code: error.code, message: error.message };
  const kind = error instanceof Error ? error.name : typeof error;
  const place = /^\s*at .*$/m.exec((error instanceof Error && error.stack) || "")?.[0].trim() ?? "at an unknown place";
  return { type: "fatal", code: "runner-failed", message: `unexpected ${kind} ${place}` };
}

/** What is known of the place where results are written. */

import { type Paint, PLAIN, paintFor } from "./paint.ts";

export interface Terminal {
  /** Letters in a line, as it is now; null where the output is no terminal: nothing is wrapped or cut there. */
  readonly columns: () => number | null;
  /** Lines; null where the output is no terminal. */
  readonly rows: () => number | null;
  readonly paint: Paint;
}

/** A file, a pipe, or a test. */
export const NO_TERMINAL: Terminal = { columns: () => null, rows: () => null, paint: PLAIN };

/** The terminal behind a stream, if there is one. */
export function terminalOf(
  stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  if (!stream.isTTY) return NO_TERMINAL;
  // A terminal may say that it has no columns: serial lines, and some that run programs without a window.
  return {
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
    paint: paintFor(environment),
  };
}

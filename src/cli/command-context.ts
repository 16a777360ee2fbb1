/** What every command gets. */

import type { ApiClient } from "./api-client.ts";
import type { Cell } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  /** The strait that `--url` names. Throws `UsageError` where that is no address. */
  readonly client: () => ApiClient;
  /** Writes a result, ending the line. */
  readonly print: (text: string) => void;
  /** Writes what is beside the result, ending the line: notices, and what went wrong. */
  readonly complain: (text: string) => void;
  /** A table as wide as the terminal at most. */
  readonly table: (head: readonly string[], rows: readonly (readonly Cell[])[]) => string;
  readonly terminal: Terminal;
}

/** Options of commands that answer something. */
export interface Json {
  readonly json?: true;
}

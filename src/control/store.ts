/** Keeps the state in a directory: one JSON file, replaced as a whole, so that a crash leaves the old or the new one. */

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "../config/validate.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import { replaceFile } from "./durable-file.ts";
import { emptyState, State } from "./state.ts";
import { lockDirectory } from "./state-lock.ts";

/** The state on disk. Holds the directory until `close()`; a second server on it is refused. */
export class Store {
  readonly directory: string;
  readonly #file: string;
  readonly #unlock: () => void;
  #state: State;

  /**
   * Opens the directory, made if it is missing (readable by its owner only). Throws `conflict` where another server
   * holds it and `configuration` where the state file is damaged; it is never replaced by an empty one.
   */
  constructor(directory: string) {
    this.directory = directory;
    this.#file = join(directory, "state.json");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#unlock = lockDirectory(directory);
    try {
      const known = readState(this.#file);
      this.#state = known ?? emptyState(randomUUID());
      if (known === null) this.save(this.#state);
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  get state(): State {
    return this.#state;
  }

  /** Writes the state; it is on disk when this returns. Throws what the file system says, and then nothing changed. */
  save(state: State): void {
    replaceFile(this.#file, `${JSON.stringify(state, null, 2)}\n`);
    this.#state = state;
  }

  close(): void {
    this.#unlock();
  }
}

/** The state in a file; null if there is no file. */
function readState(file: string): State | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StraitError("configuration", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
  const remedy = "restore it from a backup, or move it away to start with nothing";
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new StraitError("configuration", `${file} is damaged: not JSON; ${remedy}`, { cause: error });
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version !== 1) {
    throw new StraitError("configuration", `${file} has version ${version}; this strait reads version 1`);
  }
  fillInWhatCameLater(content);
  const result = validate(State, content);
  if (result.ok) return result.value;
  const [first] = result.errors;
  throw new StraitError("configuration", `${file} is damaged: ${first?.path ?? ""} ${first?.message ?? ""}; ${remedy}`);
}

/** Gives fields that an earlier strait did not know yet their defaults; what else is wrong is for the schema to say. */
function fillInWhatCameLater(content: unknown): void {
  if (content instanceof Object) {
    const state = content as Record<string, unknown>;
    for (const list of ["policies", "regions", "deletedPolicies"]) state[list] ??= [];
    const { fromFile } = state;
    if (fromFile instanceof Object) Object.assign(fromFile, { policies: [], regions: [], ...fromFile });
  }
  const links = (content as { links?: { mappings?: Record<string, unknown>[] }[] } | null)?.links;
  if (!Array.isArray(links)) return;
  for (const link of links) {
    if (!Array.isArray(link?.mappings)) continue;
    for (const mapping of link.mappings) {
      if (!(mapping instanceof Object)) continue;
      mapping["trim"] ??= false;
      mapping["monitorOnly"] ??= false;
    }
  }
}

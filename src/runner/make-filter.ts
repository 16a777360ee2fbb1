/** Makes one filter of a mapping, and says what it is made of. */

import { createHash } from "node:crypto";
import type { FilterUse } from "../config/resources.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import type { FilterContext, RecordFilter } from "../model/filter.ts";
import { type FilterSurroundings, filterContext } from "./filter-context.ts";
import { loadFilterDefinition } from "./load-filter.ts";

/** What is to be known of a filter wherever it runs. */
export interface FilterFacts {
  /** SHA-256, hex, over code, options and the files it has read; secrets are in it as references only. */
  readonly digest: string;
  /** Whether it may give a record another key. */
  readonly changesKey: boolean;
}

export interface MadeFilter {
  readonly filter: RecordFilter;
  readonly facts: FilterFacts;
}

/** Rejects with `filter-invalid`, `secret-unavailable`, or what else of strait's own the filter rejects with. */
export async function makeFilter(
  { use, options = {} }: FilterUse,
  surroundings: FilterSurroundings,
): Promise<MadeFilter> {
  const loaded = await loadFilterDefinition(use, surroundings.directories);
  const files = new FilesRead(filterContext(surroundings));
  try {
    const filter = await loaded.definition.create(options, files.context);
    const changesKey = loaded.definition.changesKey?.(options) ?? false;
    return {
      filter,
      facts: { digest: sha256(JSON.stringify([use, loaded.digest, options, files.close()])), changesKey },
    };
  } catch (error) {
    if (error instanceof StraitError) throw error;
    throw new StraitError("filter-invalid", `filter ${use} could not be made: ${messageOf(error)}`, { cause: error });
  }
}

/** Keeps account of the files a filter reads while it is made. Later ones would not be in the digest, so there are none. */
class FilesRead {
  readonly context: FilterContext;
  readonly #read = new Map<string, string>();
  #closed = false;

  constructor(context: FilterContext) {
    const file = async (path: string): Promise<Uint8Array> => {
      if (this.#closed) {
        throw new StraitError(
          "filter-invalid",
          `a filter reads its files in create, so ${path} cannot be read any more`,
        );
      }
      const bytes = await context.file(path);
      this.#read.set(path, sha256(bytes));
      return bytes;
    };
    this.context = { ...context, file };
  }

  /** Path and digest of each, in a fixed order. */
  close(): readonly (readonly [path: string, digest: string])[] {
    this.#closed = true;
    return [...this.#read].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

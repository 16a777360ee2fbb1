/** How an action says that it cannot handle a value. */

import { StraitError } from "../../src/mod.ts";

/** Throws `filter-failed`. `why` must hold no content. */
export function cannot(action: string, label: string, why: string): never {
  throw new StraitError("filter-failed", `cannot ${action} ${label}: ${why}`);
}

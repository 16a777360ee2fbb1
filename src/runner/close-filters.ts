/** Closes filters at the end of their mapping. */

import type { RecordFilter } from "../model/filter.ts";

/** What filters get to close: they have no data to save, and a mapping that stops or changes waits for them. */
export const CLOSE_TIMEOUT_MS = 1000;

/** Resolves when all are closed. One that fails to or takes too long is left: nothing depends on it any more. */
export async function closeFilters(steps: readonly { readonly filter: RecordFilter }[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  // Async, so that a throw at once is a rejection like any other.
  await Promise.race([Promise.allSettled(steps.map(async ({ filter }) => filter.close?.())), late]);
  clearTimeout(timer);
}

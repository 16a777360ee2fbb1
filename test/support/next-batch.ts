import { filter, firstValueFrom, map, startWith, timeout } from "rxjs";
import type { BatchSource } from "../../src/sources/batch-source.ts";
import type { RawBatch } from "../../src/sources/raw-batch.ts";

/** The next batch of a source, waiting for it. Rejects with what the source fails with, and when none comes in time. */
export function nextOf(source: BatchSource, timeoutMs = 30_000): Promise<RawBatch> {
  return firstValueFrom(
    source.ready$.pipe(
      startWith(undefined),
      map(() => source.next()),
      filter((batch) => batch !== null),
      timeout(timeoutMs),
    ),
  );
}

/** Waiting for what native clients do, with deadlines that say what was awaited. */

import { filter, firstValueFrom, type Observable, throwError, timeout } from "rxjs";
import type { MessageBatch } from "../../../src/rdkafka/message-batch.ts";
import type { PartitionReader } from "../../../src/rdkafka/reader.ts";

const DEADLINE_MS = 30_000;

/** The first value that fits. */
export function firstOf<T>(values$: Observable<T>, what: string, fits: (value: T) => boolean = () => true): Promise<T> {
  return firstValueFrom(
    values$.pipe(
      filter(fits),
      timeout({ first: DEADLINE_MS, with: () => throwError(() => new Error(`no ${what} within ${DEADLINE_MS} ms`)) }),
    ),
  );
}

/** Resolves once `condition` holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What the reader gives next. Rejects with what it throws. */
export async function nextBatch(reader: PartitionReader, maxRecords = 1000): Promise<MessageBatch> {
  for (;;) {
    const batch = reader.read(maxRecords);
    if (batch !== null) return batch;
    await firstOf(reader.ready$, `records of ${reader.partition.topic}/${reader.partition.partition}`);
  }
}

/** What the reader throws when it is read on. */
export async function readFailure(reader: PartitionReader): Promise<unknown> {
  try {
    for (;;) (await nextBatch(reader)).release();
  } catch (error) {
    return error;
  }
}

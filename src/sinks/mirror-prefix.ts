/**
 * The beginning of a mirror whose source begins late: everything before its start is taken up by records without content,
 * a million in less than a megabyte, and then deleted. Nobody can have read them, since it happens before anything is there.
 */

import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "../wire/broker-connection.ts";
import { deleteRecords } from "../wire/delete-records.ts";
import { emptyBatch } from "../wire/empty-batch.ts";
import { RecordBatch } from "../wire/record-batch.ts";
import type { MirrorLog } from "./mirror-log.ts";

export interface PrefixOptions {
  readonly leader: BrokerConnection;
  readonly topic: string;
  readonly partition: number;
  /** Where the mirror begins. */
  readonly start: number;
  /** What the destination takes as one batch; null where that is not known. */
  readonly maxBatchBytes: number | null;
  readonly progress: (end: number) => void;
  readonly signal: AbortSignal;
}

/** A prefix up to this long is filled like any other hole: a few seconds, and nothing to delete. */
export const SHORT_PREFIX = 50_000;
/** 0.8 MB compressed, which brokers take as they come (max.message.bytes of 1,048,588). */
const RECORDS_IN_BATCH = 1_000_000;
const BYTES_OF_BATCH = 900_000;

/** Brings the log to `start`, from wherever an earlier attempt has left it. Rejects with `closed` when it is aborted. */
export async function fillPrefix(log: MirrorLog, options: PrefixOptions): Promise<void> {
  const { start, progress, signal, maxBatchBytes } = options;
  const timestamp = Date.now();
  const most = Math.floor(RECORDS_IN_BATCH * Math.min(1, (maxBatchBytes ?? BYTES_OF_BATCH) / BYTES_OF_BATCH));
  let full: Buffer | null = null;
  while (log.end < start) {
    if (signal.aborted) throw new StraitError("closed", "it was stopped before the mirror had its start");
    await log.ready();
    const count = Math.min(most, start - log.end);
    if (count === most) full ??= emptyBatch(most, timestamp).bytes;
    // Sending changes the header, so each is a copy.
    await log.append(count === most && full ? new RecordBatch(Buffer.from(full)) : emptyBatch(count, timestamp));
    progress(log.end);
  }
  await cutPrefix(options);
}

/** Deletes what is before the start. Twice is fine. */
export async function cutPrefix({ leader, topic, partition, start }: PrefixOptions): Promise<void> {
  await deleteRecords(leader, { topic, partition, before: start });
}

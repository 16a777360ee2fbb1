/** What a mirror's sink does beside writing, with a log that only says what it is asked. */

import { expect, test } from "bun:test";
import { firstValueFrom, materialize, NEVER, of } from "rxjs";
import { StraitError } from "../../src/model/errors.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import type { MirrorLog } from "../../src/sinks/mirror-log.ts";
import { mirrorSink } from "../../src/sinks/mirror-sink.ts";

/** A log to which nothing is written. */
function sinkOf(requireEnd: () => Promise<void>, flush: () => Promise<void> = async () => {}) {
  const log = { end: 5, requireEnd, settled: async () => {} } as unknown as MirrorLog;
  return mirrorSink({
    log,
    maxBatchBytes: null,
    codec: null,
    evidence: NO_EVIDENCE,
    note: () => {},
    flush,
    progress: () => {},
    idleCheckMs: 1,
  });
}

test("ends when the log of a mirror to which nothing comes has moved", async () => {
  const moved = new StraitError("fenced", "it ends elsewhere", { retriable: true });
  let looks = 0;
  const sink = sinkOf(async () => {
    looks++;
    if (looks === 3) throw moved;
  });
  const ended = await firstValueFrom(sink(NEVER).pipe(materialize()));
  expect([looks, ended]).toMatchObject([3, { kind: "E", error: moved }]);
});

test("completes only when what was noted is committed, and fails where it cannot be", async () => {
  const flushed = Promise.withResolvers<void>();
  const sink = sinkOf(
    async () => {},
    () => flushed.promise,
  );
  let completed = false;
  const ended = firstValueFrom(sink(of()).pipe(materialize())).then((notification) => {
    completed = true;
    return notification;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(completed).toBe(false);
  flushed.resolve();
  expect((await ended).kind).toBe("C");
  const refused = sinkOf(
    async () => {},
    () => Promise.reject(new StraitError("kafka", "refused")),
  );
  expect((await firstValueFrom(refused(of()).pipe(materialize()))).kind).toBe("E");
});

import { expect, test } from "bun:test";
import { map, NEVER, type Observable, Subject } from "rxjs";
import type { Acknowledgement, FilteredBatch, RecordBatch } from "../../src/model/batch.ts";
import { StraitError } from "../../src/model/errors.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { createLane, type Lane } from "../../src/runner/lane.ts";
import { PartitionRunner } from "../../src/runner/partition-runner.ts";
import { until } from "../end-to-end/strait.ts";
import { kept } from "../sinks/sink-case.ts";
import { type PlainBatch, plainBatch, plainRecord } from "./plain-batch.ts";

/** A partition whose source, filter and sink are the test's. */
function partition(
  parts: {
    filter?: (batch: RecordBatch) => Promise<FilteredBatch>;
    sink?: (filtered$: Observable<FilteredBatch>) => Observable<Acknowledgement>;
  } = {},
) {
  const log: string[] = [];
  const batches: PlainBatch[] = [];
  const ready$ = new Subject<void>();
  let next = 0;
  let open = async (): Promise<Lane> => {
    let position = next;
    log.push(`opened at ${position}`);
    return createLane<RecordBatch, FilteredBatch>({
      source: { ready$, next: () => (position < batches.length ? (batches[position++] ?? null) : null) },
      filter: parts.filter ?? (async (batch) => kept(batch)),
      sink: parts.sink ?? ((filtered$) => filtered$.pipe(map(acknowledged))),
      nextOffset: position,
      evidence: NO_EVIDENCE,
      ledger: null,
      recordOverheadBytes: 0,
      windowBytes: 4 << 20,
      close: () => log.push("closed"),
    });
  };
  const runner = new PartitionRunner({
    mapping: "orders",
    topic: "orders",
    partition: 1,
    destinationTopic: "orders",
    open: () => open(),
    acknowledged: ({ nextOffset }) => {
      next = nextOffset;
    },
  });
  return {
    runner,
    log,
    batches,
    /** A batch of one record arrives. */
    arrive: () => {
      batches.push(plainBatch([plainRecord("v", batches.length, { timestamp: 1000 + batches.length })]));
      ready$.next();
    },
    openWith: (other: () => Promise<Lane>) => {
      open = other;
    },
    is: (state: string) =>
      until(
        async () => runner.status(),
        (status) => status.state === state,
        5000,
        state,
      ),
    copied: (offset: number) =>
      until(
        async () => runner.status(),
        ({ nextOffset }) => nextOffset === offset,
        5000,
        `offset ${offset}`,
      ),
  };
}

const acknowledged = ({ batch, evidence }: FilteredBatch): Acknowledgement => {
  batch.release();
  return { nextOffset: batch.nextOffset, records: batch.count, bytes: batch.bytes, evidence, ages: [] };
};

test("is paused until it is started, then copies and counts", async () => {
  const { runner, arrive, copied } = partition();
  expect(runner.status()).toMatchObject({ state: "paused", nextOffset: null });
  runner.start();
  expect(runner.status().state).toBe("seeding");
  arrive();
  arrive();
  const status = await copied(2);
  expect(status).toMatchObject({ state: "running", reason: null, records: 2, bytes: 2, oldestPendingTimestamp: null });
  expect(status.evidence).toMatchObject({ read: 2, kept: 2 });
  await runner.stop();
});

test("tells the age of the oldest record that is not acknowledged", async () => {
  const filtering = Promise.withResolvers<void>();
  const { runner, arrive, copied } = partition({
    filter: async (batch) => {
      await filtering.promise;
      return kept(batch);
    },
  });
  arrive();
  runner.start();
  arrive();
  const pending = () => runner.status().oldestPendingTimestamp;
  await until(
    async () => pending(),
    (timestamp) => timestamp === 1000,
    5000,
    "a pending record",
  );
  filtering.resolve();
  await copied(2);
  expect(pending()).toBeNull();
  await runner.stop();
});

test("stopping finishes what is under way and closes before it resolves", async () => {
  const filtering = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const { runner, arrive, log } = partition({
    filter: async (batch) => {
      entered.resolve();
      await filtering.promise;
      return kept(batch);
    },
  });
  arrive();
  runner.start();
  await entered.promise;
  const stopped = runner.stop();
  filtering.resolve();
  await stopped;
  expect(runner.status()).toMatchObject({ state: "paused", nextOffset: 1 });
  expect(log).toEqual(["opened at 0", "closed"]);
});

test("started again while it stops, it goes on once that is over", async () => {
  const { runner, arrive, copied, log } = partition();
  runner.start();
  arrive();
  await copied(1);
  const stopped = runner.stop();
  runner.start();
  await stopped;
  arrive();
  await copied(2);
  expect(log).toEqual(["opened at 0", "closed", "opened at 1"]);
  await runner.stop();
});

test("of a stop, a start and a stop in a row the last one counts", async () => {
  const { runner, is, log } = partition();
  runner.start();
  await is("running");
  const first = runner.stop();
  runner.start();
  await Promise.all([first, runner.stop()]);
  expect(runner.status().state).toBe("paused");
  expect(log).toEqual(["opened at 0", "closed"]);
});

test("stopped while it opens, it does not wait, and closes what is opened after all", async () => {
  const { runner, openWith } = partition();
  const opening = Promise.withResolvers<Lane>();
  const closed = Promise.withResolvers<void>();
  openWith(() => opening.promise);
  runner.start();
  await runner.stop();
  expect(runner.status().state).toBe("paused");
  opening.resolve({ source: { ready$: NEVER }, close: () => closed.resolve() } as unknown as Lane);
  await closed.promise;
});

test("an error that may pass is tried again from what is acknowledged, and said meanwhile", async () => {
  let failing = true;
  const { runner, arrive, is, copied, log, batches } = partition({
    filter: async (batch) => {
      if (batch.nextOffset === 2 && failing) throw new StraitError("timeout", "too slow", { retriable: true });
      return kept(batch);
    },
  });
  arrive();
  arrive();
  runner.start();
  const { reason } = await is("retrying");
  expect(reason).toBe("too slow");
  failing = false;
  await copied(2);
  expect(runner.status()).toMatchObject({ state: "running", reason: null, records: 2 });
  expect(log[0]).toBe("opened at 0");
  expect(log.slice(-2)).toEqual(["closed", "opened at 1"]);
  expect(batches.map(({ released }) => released)).toEqual([true, true]);
  await runner.stop();
});

test("an error for good fails it, gives its batches back, and starting tries again", async () => {
  let failing = true;
  const { runner, arrive, is, copied, log, batches } = partition({
    filter: async (batch) => {
      if (failing) throw new StraitError("filter-failed", "the filter failed");
      return kept(batch);
    },
  });
  arrive();
  arrive();
  runner.start();
  expect((await is("failed")).reason).toBe("the filter failed");
  expect(log).toEqual(["opened at 0", "closed"]);
  expect(batches[0]?.released).toBe(true);
  failing = false;
  runner.start();
  await copied(2);
  await runner.stop();
});

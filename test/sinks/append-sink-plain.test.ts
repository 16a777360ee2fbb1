import { expect, test } from "bun:test";
import { Subject } from "rxjs";
import type { Acknowledgement, FilteredBatch } from "../../src/model/batch.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { decodeNote } from "../../src/model/progress.ts";
import { appendSinkPlain } from "../../src/sinks/append-sink-plain.ts";
import type { SharedProducer } from "../../src/sinks/shared-producer.ts";
import { until } from "../end-to-end/strait.ts";
import { plainBatchOf } from "../runner/plain-batch.ts";
import { kept, noteOf } from "./sink-case.ts";

/** A sink whose deliveries and commits end when the test says so. */
function scripted() {
  const sent: PromiseWithResolvers<void>[] = [];
  const commits: { offset: number; metadata: string; done: PromiseWithResolvers<void> }[] = [];
  const producer = {
    send: () => {
      const delivery = Promise.withResolvers<void>();
      sent.push(delivery);
      return delivery.promise;
    },
  };
  const sink = appendSinkPlain({
    producer: producer as unknown as SharedProducer,
    destination: { topic: "orders", hashedOver: null },
    evidence: { ...NO_EVIDENCE, read: 100, kept: 100 },
    describe: noteOf,
    commit: (offset, metadata) => {
      const done = Promise.withResolvers<void>();
      commits.push({ offset, metadata, done });
      return done.promise;
    },
  });
  const batches$ = new Subject<FilteredBatch>();
  const seen: (Acknowledgement | "completed" | Error)[] = [];
  const subscription = batches$.pipe(sink).subscribe({
    next: (acknowledgement) => seen.push(acknowledgement),
    error: (error) => seen.push(error),
    complete: () => seen.push("completed"),
  });
  return {
    commits,
    batches$,
    seen,
    subscription,
    acknowledged: () =>
      seen.flatMap((each) => (typeof each === "object" && "nextOffset" in each ? [each.nextOffset] : [])),
    /** The brokers' word about the batch that was sent as this one, from 0. */
    deliver: async (index: number, error?: Error) => {
      if (error === undefined) sent[index]?.resolve();
      else sent[index]?.reject(error);
      await new Promise(setImmediate);
    },
    committing: (count: number) =>
      until(
        async () => commits,
        ({ length }) => length === count,
        5000,
        `commit ${count}`,
      ),
  };
}

/** A batch of one record at this offset. */
const at = (offset: number) => kept({ ...plainBatchOf("a"), nextOffset: offset + 1 });

test("acknowledges in the order of the source, only what is written without a gap", async () => {
  const { batches$, acknowledged, deliver, subscription } = scripted();
  for (const offset of [0, 1, 2]) batches$.next(at(offset));
  await deliver(1);
  expect(acknowledged()).toEqual([]);
  await deliver(0);
  expect(acknowledged()).toEqual([1, 2]);
  await deliver(2);
  expect(acknowledged()).toEqual([1, 2, 3]);
  subscription.unsubscribe();
});

test("commits what is acknowledged, with its evidence, after a while", async () => {
  const { batches$, commits, deliver, committing, subscription } = scripted();
  batches$.next(at(0));
  batches$.next(at(1));
  await deliver(0);
  await committing(1);
  expect(commits[0]?.offset).toBe(1);
  expect(decodeNote(commits[0]?.metadata ?? "")?.evidence).toMatchObject({ read: 101, kept: 101 });
  subscription.unsubscribe();
});

test("commits one at a time: what is acknowledged meanwhile comes with the next", async () => {
  const { batches$, commits, deliver, committing, subscription } = scripted();
  for (const offset of [0, 1, 2]) batches$.next(at(offset));
  await deliver(0);
  await committing(1);
  await deliver(1);
  await deliver(2);
  expect(commits).toHaveLength(1);
  commits[0]?.done.resolve();
  await committing(2);
  expect(commits[1]?.offset).toBe(3);
  subscription.unsubscribe();
});

test("completes when everything is written and its position committed", async () => {
  const { batches$, commits, seen, deliver } = scripted();
  batches$.next(at(0));
  batches$.complete();
  await deliver(0);
  expect(commits.map(({ offset }) => offset)).toEqual([1]);
  expect(seen).not.toContain("completed");
  commits[0]?.done.resolve();
  await new Promise(setImmediate);
  expect(seen.at(-1)).toBe("completed");
});

test("completes at once where there was nothing", () => {
  const { batches$, commits, seen } = scripted();
  batches$.complete();
  expect(seen).toEqual(["completed"]);
  expect(commits).toEqual([]);
});

test("an error of the batches is passed on after what came before it is written and committed", async () => {
  const { batches$, commits, seen, deliver } = scripted();
  const poisoned = new Error("the filter failed");
  batches$.next(at(0));
  batches$.error(poisoned);
  await deliver(0);
  expect(seen).not.toContain(poisoned);
  commits[0]?.done.resolve();
  await new Promise(setImmediate);
  expect(seen.at(-1)).toBe(poisoned);
});

test("a record that cannot be written ends the stream, and nothing behind it is acknowledged or committed", async () => {
  const { batches$, commits, seen, deliver } = scripted();
  const refused = new Error("too large");
  for (const offset of [0, 1]) batches$.next(at(offset));
  await deliver(0, refused);
  await deliver(1);
  expect(seen).toEqual([refused]);
  expect(commits).toEqual([]);
});

test("a commit that fails ends the stream", async () => {
  const { batches$, commits, seen, deliver } = scripted();
  const down = new Error("down");
  batches$.next(at(0));
  batches$.complete();
  await deliver(0);
  commits[0]?.done.reject(down);
  await new Promise(setImmediate);
  expect(seen.at(-1)).toBe(down);
});

test("a batch is given back as soon as its bytes are with the producer", () => {
  const { batches$, subscription } = scripted();
  const batch = plainBatchOf("a");
  batches$.next(kept(batch));
  expect(batch.released).toBe(true);
  subscription.unsubscribe();
});

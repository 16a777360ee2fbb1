import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { concatWith, lastValueFrom, NEVER, of, Subject, toArray } from "rxjs";
import type { Acknowledgement, FilteredBatch, RecordBatch } from "../../src/model/batch.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { drop, replace } from "../../src/model/filter.ts";
import { decodeNote, groupOf } from "../../src/model/progress.ts";
import type { Producer } from "../../src/rdkafka/producer.ts";
import type { PartitionOffset } from "../../src/rdkafka/topic-partitions.ts";
import type { LinkConnections } from "../../src/runner/link-connections.ts";
import { appendSink } from "../../src/sinks/append-sink.ts";
import { until } from "../end-to-end/strait.ts";
import { plainBatchOf } from "../runner/plain-batch.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { failureOf } from "../support/failure-of.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { batchesOf, connect, kept, noteOf } from "./sink-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

describe("with brokers", () => {
  let brokers: TestClusters;
  let connections: LinkConnections;
  beforeAll(async () => {
    brokers = await clusters();
    connections = await connect(brokers);
  });
  afterAll(() => connections.close());

  /** A source and a destination topic of the same name, and a sink to it; `open` makes further writers of its partition. */
  async function partition() {
    const topic = await createTopic(brokers.east, "appended");
    await connections.destination.createTopic(topic, { partitions: 1 });
    const group = groupOf(uniqueName("link"));
    const open = async () => {
      const producer = connections.transactionalProducer(`${group}.${topic}.0`);
      await producer.initTransactions(30_000);
      // As a lane does; it also waits for the group's coordinator, which a new cluster does not have yet.
      await committed();
      const destination = { topic, hashedOver: null };
      const sink = appendSink({
        producer,
        destination,
        group,
        offsetTopic: topic,
        partition: 0,
        evidence: NO_EVIDENCE,
        describe: noteOf,
      });
      return { sink, [Symbol.dispose]: () => producer.close() };
    };
    const committed = async () => {
      const offsets = await connections.destination.committedOffsets(group, new Map([[topic, [0]]]));
      return offsets.get(topic)?.get(0) ?? null;
    };
    return { topic, open, committed };
  }

  const values = async (topic: string, isolation: "read_committed" | "read_uncommitted" = "read_committed") => {
    const records = (await readTopic(brokers.west, topic, { isolation })).get(0) ?? [];
    return records.map(({ value }) => (value === null ? null : new TextDecoder().decode(value)));
  };

  test("records, their position and their evidence are there together when it completes", async () => {
    const { topic, open, committed } = await partition();
    using writer = await open();
    const [first, second] = await batchesOf(brokers, connections, topic, [
      [{ value: "a" }, { value: "b" }, { value: "c" }],
      [{ value: "d" }],
    ]);
    const evidence = { ...NO_EVIDENCE, read: 3, kept: 1, replaced: 1, dropped: { filter: 1 } };
    const edits = [null, replace({ value: new TextEncoder().encode("B") }), drop];
    const filtered = [{ batch: first, edits, evidence } as FilteredBatch, kept(second as RecordBatch)];
    const acknowledgements = await lastValueFrom(of(...filtered).pipe(writer.sink, toArray()));
    expect(acknowledgements.at(-1)?.nextOffset).toBe(4);
    expect(acknowledgements.reduce((sum, { records }) => sum + records, 0)).toBe(4);
    expect(await values(topic)).toEqual(["a", "B", "d"]);
    const position = await committed();
    expect(position?.offset).toBe(4);
    expect(decodeNote(position?.metadata ?? "")?.evidence).toEqual({ ...evidence, read: 4, kept: 2 });
  });

  test("a writer whose partition somebody else took over fails, and nothing of it is seen", async () => {
    const { topic, open, committed } = await partition();
    using older = await open();
    using _newer = await open();
    const [batch] = await batchesOf(brokers, connections, topic, [[{ value: "a" }]]);
    const failure = await failureOf(lastValueFrom(of(kept(batch as RecordBatch)).pipe(older.sink)));
    expect(failure.code).toBe("fenced");
    expect(failure.retriable).toBe(true);
    expect(await values(topic)).toEqual([]);
    expect(await committed()).toBeNull();
  });

  test("what was written and not committed is never seen once another writer has taken over", async () => {
    const { topic, open, committed } = await partition();
    const [first, second] = await batchesOf(brokers, connections, topic, [[{ value: "a" }], [{ value: "b" }]]);
    using older = await open();
    // Before the transaction's time is up.
    of(kept(first as RecordBatch))
      .pipe(concatWith(NEVER), older.sink)
      .subscribe()
      .unsubscribe();
    await until(
      () => values(topic, "read_uncommitted"),
      ({ length }) => length === 1,
      30_000,
      "the record",
    );
    using newer = await open();
    await lastValueFrom(of(kept(second as RecordBatch)).pipe(newer.sink));
    expect(await values(topic)).toEqual(["b"]);
    expect((await committed())?.offset).toBe(2);
  });

  test("a batch of markers only moves the position", async () => {
    const { topic, open, committed } = await partition();
    using writer = await open();
    const markers = { ...plainBatchOf(), nextOffset: 7 };
    const acknowledgement = await lastValueFrom(of({ ...kept(markers), evidence: NO_EVIDENCE }).pipe(writer.sink));
    expect(acknowledgement).toMatchObject({ nextOffset: 7, records: 0, bytes: 0, ages: [] });
    expect((await committed())?.offset).toBe(7);
    expect(await values(topic)).toEqual([]);
  });
});

describe("with a producer that commits when the test says so", () => {
  /** Stands in for a transactional producer: writes down what it is asked for. */
  function scripted() {
    const calls: string[] = [];
    const positions: PartitionOffset[] = [];
    let commit = Promise.withResolvers<void>();
    const producer = {
      beginTransaction: () => calls.push("begin"),
      enqueue: ({ count }: { count: number }) => calls.push(`${count} records`),
      sendOffsets: async (_group: string, offsets: readonly PartitionOffset[]) => {
        positions.push(...offsets);
      },
      commitTransaction: async () => {
        calls.push("commit");
        await commit.promise;
        commit = Promise.withResolvers();
      },
    };
    const sink = appendSink({
      producer: producer as unknown as Producer,
      destination: { topic: "orders", hashedOver: null },
      group: "strait.link",
      offsetTopic: "orders",
      partition: 1,
      evidence: { ...NO_EVIDENCE, read: 100, kept: 100 },
      describe: noteOf,
    });
    const batches$ = new Subject<FilteredBatch>();
    const seen: (Acknowledgement | "completed" | Error)[] = [];
    const subscription = batches$.pipe(sink).subscribe({
      next: (acknowledgement) => seen.push(acknowledgement),
      error: (error) => seen.push(error),
      complete: () => seen.push("completed"),
    });
    return {
      calls,
      positions,
      producer,
      batches$,
      seen,
      subscription,
      /** Waits for the next commit to begin, and lets it end. */
      commit: async () => {
        const before = calls.filter((call) => call === "commit").length;
        await until(
          async () => calls,
          () => calls.at(-1) === "commit",
          5000,
          `commit ${before + 1}`,
        );
        commit.resolve();
        await new Promise(setImmediate);
      },
      refuse: (error: Error) => commit.reject(error),
    };
  }

  const large = (value: string) => ({ ...plainBatchOf(value), bytes: 16 * 1024 * 1024 });

  test("nothing is acknowledged before the commit, then all of the transaction at once", async () => {
    const { batches$, seen, calls, positions, commit } = scripted();
    batches$.next(kept(plainBatchOf("a", "b")));
    batches$.next(kept({ ...plainBatchOf("c"), nextOffset: 3, firstTimestamp: 5 }));
    await until(
      async () => calls,
      () => calls.includes("commit"),
      5000,
      "the commit",
    );
    expect(seen).toEqual([]);
    await commit();
    expect(calls).toEqual(["begin", "2 records", "1 records", "commit"]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ nextOffset: 3, records: 3, bytes: 3 });
    expect((seen[0] as Acknowledgement).ages).toEqual([
      { timestamp: 0, records: 2 },
      { timestamp: 5, records: 1 },
    ]);
    expect(positions.map(({ topic, partition, offset }) => [topic, partition, offset])).toEqual([["orders", 1, 3]]);
    expect(decodeNote(positions[0]?.metadata ?? "")?.evidence).toMatchObject({ read: 103, kept: 103 });
  });

  test("what arrives during a commit waits for it and goes into the next transaction", async () => {
    const { batches$, calls, seen, positions, commit } = scripted();
    batches$.next(kept(large("a")));
    batches$.next(kept({ ...plainBatchOf("b", "c"), nextOffset: 3 }));
    await new Promise(setImmediate);
    expect(calls).toEqual(["begin", "1 records", "commit"]);
    await commit();
    expect(calls).toEqual(["begin", "1 records", "commit", "begin", "2 records"]);
    await commit();
    expect(seen.map((each) => (each as Acknowledgement).nextOffset)).toEqual([1, 3]);
    expect(decodeNote(positions[1]?.metadata ?? "")?.evidence).toMatchObject({ read: 103 });
  });

  test("a transaction that is large enough is committed at once", async () => {
    const { batches$, calls } = scripted();
    batches$.next(kept(large("a")));
    await new Promise(setImmediate);
    expect(calls).toEqual(["begin", "1 records", "commit"]);
  });

  test("completing commits what is open first", async () => {
    const { batches$, calls, seen, commit } = scripted();
    batches$.next(kept(plainBatchOf("a")));
    batches$.complete();
    await new Promise(setImmediate);
    expect(calls.at(-1)).toBe("commit");
    expect(seen).toEqual([]);
    await commit();
    expect(seen.map((each) => (typeof each === "string" ? each : "acknowledged"))).toEqual([
      "acknowledged",
      "completed",
    ]);
  });

  test("completing with nothing open commits nothing", async () => {
    const { batches$, calls, seen } = scripted();
    batches$.complete();
    expect(seen).toEqual(["completed"]);
    expect(calls).toEqual([]);
  });

  test("an error of the batches is passed on after what came before it is committed", async () => {
    const { batches$, seen, commit } = scripted();
    const poisoned = new Error("the filter failed");
    batches$.next(kept(plainBatchOf("a")));
    batches$.error(poisoned);
    await commit();
    expect(seen[0]).toMatchObject({ nextOffset: 1 });
    expect(seen[1]).toBe(poisoned);
  });

  test("a commit that fails is the stream's error, and nothing is acknowledged", async () => {
    const { batches$, calls, seen, refuse } = scripted();
    batches$.next(kept(large("a")));
    const fenced = new Error("fenced");
    refuse(fenced);
    await until(
      async () => seen,
      ({ length }) => length > 0,
      5000,
      "the error",
    );
    expect(seen).toEqual([fenced]);
    expect(calls).toEqual(["begin", "1 records", "commit"]);
  });

  test("every batch is given back: written, refused, or waiting when nobody listens any more", async () => {
    const { batches$, subscription } = scripted();
    const [written, waiting] = [plainBatchOf("a"), plainBatchOf("b")];
    batches$.next({ ...kept(written), batch: Object.assign(written, { bytes: 16 * 1024 * 1024 }) });
    batches$.next(kept(waiting));
    expect([written.released, waiting.released]).toEqual([true, false]);
    subscription.unsubscribe();
    expect(waiting.released).toBe(true);

    const refusing = scripted();
    refusing.producer.beginTransaction = () => {
      throw new Error("no transaction");
    };
    const refused = plainBatchOf("c");
    refusing.batches$.next(kept(refused));
    expect(refused.released).toBe(true);
    expect(refusing.seen).toEqual([new Error("no transaction")]);
  });
});

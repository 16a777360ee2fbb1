import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { decodeFetchAnswer, fetchPartitions } from "../../src/wire/fetch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { mutated } from "../support/mutated.ts";
import { produce } from "../support/produce.ts";
import { encodeBatch } from "../support/record-batch.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const MAX_BYTES = 1 << 20;

test("many partitions of several topics come in one answer", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const [a, b] = [await createTopic(east, "fetched", { partitions: 2 }), await createTopic(east, "fetched")];
  await produce(east, a, [{ value: "1" }, { partition: 1, value: "2" }, { partition: 1, value: "3" }]);
  await produce(east, b, [{ value: "4" }], { batchRecords: 1 });
  const wanted = [
    { topic: a, partition: 0, offset: 0, maxBytes: MAX_BYTES },
    { topic: a, partition: 1, offset: 1, maxBytes: MAX_BYTES },
    { topic: b, partition: 0, offset: 0, maxBytes: MAX_BYTES },
  ];
  const answer = await fetchPartitions(await access.leaderOf(a), wanted);
  const found = answer.partitions.map(({ topic, partition, records, ...rest }) => {
    const counts = [...splitBatches(records)].map((batch) => batch.magic === 2 && batch.count);
    return { at: `${topic}/${partition}`, counts, ...rest };
  });
  const none = { errorCode: 0, logStartOffset: 0, aborted: [] };
  expect(found.toSorted((x, y) => x.highWatermark - y.highWatermark || (x.at < y.at ? -1 : 1))).toEqual(
    [
      { at: `${a}/0`, counts: [1], highWatermark: 1, lastStableOffset: 1, ...none },
      { at: `${b}/0`, counts: [1], highWatermark: 1, lastStableOffset: 1, ...none },
      { at: `${a}/1`, counts: [2], highWatermark: 2, lastStableOffset: 2, ...none },
    ].toSorted((x, y) => x.highWatermark - y.highWatermark || (x.at < y.at ? -1 : 1)),
  );
});

describe("transactions", () => {
  test("what was aborted is listed, what is open is held back", async () => {
    const { east } = await clusters();
    await using access = brokerAccess(east);
    const topic = await createTopic(east, "fetched");
    const aborted = await beginTransaction(east);
    await aborted.send(topic, [{ value: "never" }]);
    await aborted.abort(); // its marker has offset 1
    const open = await beginTransaction(east);
    await open.send(topic, [{ value: "not yet" }]);
    const wanted = [{ topic, partition: 0, offset: 0, maxBytes: MAX_BYTES }];
    const leader = await access.leaderOf(topic);
    const [committed] = (await fetchPartitions(leader, wanted)).partitions;
    const [all] = (await fetchPartitions(leader, wanted, { isolation: "read_uncommitted" })).partitions;
    const batches = [committed, all].map((fetched) => [...splitBatches(fetched?.records ?? Buffer.alloc(0))].length);
    const { highWatermark, lastStableOffset, aborted: list } = committed ?? {};
    expect({ batches, highWatermark, lastStableOffset, list }).toEqual({
      batches: [2, 3],
      highWatermark: 3,
      lastStableOffset: 2,
      list: [{ producerId: expect.any(BigInt), firstOffset: 0 }],
    });
    await open.abort();
  });
});

test("a broker waits for records only as long as it was told to", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const topic = await createTopic(east, "fetched");
  const leader = await access.leaderOf(topic);
  const wanted = [{ topic, partition: 0, offset: 0, maxBytes: MAX_BYTES }];
  const waiting = fetchPartitions(leader, wanted, { maxWaitMs: 20_000 });
  await produce(east, topic, [{ value: "a" }]);
  const started = Date.now();
  const [fetched] = (await waiting).partitions;
  expect({ records: (fetched?.records.length ?? 0) > 0, inTime: Date.now() - started < 10_000 }).toEqual({
    records: true,
    inTime: true,
  });
});

test("errors are told for each partition", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const topic = await createTopic(east, "fetched");
  const leader = await access.leaderOf(topic);
  const request = { partition: 0, offset: 0, maxBytes: MAX_BYTES };
  const wanted = [
    { ...request, topic, offset: 99 },
    { ...request, topic: uniqueName("missing") },
  ];
  const codes = new Map(
    (await fetchPartitions(leader, wanted)).partitions.map((p) => [p.topic === topic, p.errorCode]),
  );
  expect([codes.get(true), codes.get(false)]).toEqual([1, 3]);
});

test("a leader epoch the broker does not know yet is refused", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const topic = await createTopic(east, "fetched");
  const wanted = [{ topic, partition: 0, offset: 0, maxBytes: MAX_BYTES, currentLeaderEpoch: 1000 }];
  const [fetched] = (await fetchPartitions(await access.leaderOf(topic), wanted)).partitions;
  expect(fetched?.errorCode).toBe(75); // UNKNOWN_LEADER_EPOCH
});

describe("an answer", () => {
  const batch = encodeBatch([{ value: "a" }], "none", null);
  const answer = encodeAnswer(batch);

  test("is read with its batches as views", () => {
    const { throttleMs, errorCode, partitions } = decodeFetchAnswer(answer);
    const fetched = { partition: 4, errorCode: 0, highWatermark: 30, lastStableOffset: 20, logStartOffset: 10 };
    const aborted = [
      { producerId: 6n, firstOffset: 11 },
      { producerId: 5n, firstOffset: 12 },
    ];
    expect({ throttleMs, errorCode, partitions }).toEqual({
      throttleMs: 7,
      errorCode: 0,
      partitions: [{ topic: "t", ...fetched, aborted, records: batch }],
    });
    expect(partitions[0]?.records.buffer).toBe(answer.buffer);
  });

  test("cut off anywhere is refused", () => {
    for (let length = 0; length < answer.length; length++) {
      expect(thrownBy(() => decodeFetchAnswer(answer.subarray(0, length))).code).toBe("kafka");
    }
  });

  test("that claims two thousand million elements is refused at once", () => {
    const claims = Buffer.from(answer);
    claims.writeInt32BE(0x7fffffff, 10);
    expect(thrownBy(() => decodeFetchAnswer(claims)).message).toBe(
      "a Fetch answer claims 2147483647 elements and ends before",
    );
  });

  test("of anything at all is read or refused", () => {
    const anything = fc.oneof(
      mutated([answer]),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        outcomeOf(() => decodeFetchAnswer(bytes));
      }),
      { numRuns: 5000 },
    );
  });
});

/** Fetch answer, version 11, of one partition. */
function encodeAnswer(records: Buffer): Buffer {
  const header = Buffer.alloc(10 + 4 + 3 + 4 + 4 + 2 + 24 + 4 + 32 + 4 + 4);
  let at = header.writeInt32BE(7, 0); // throttle time
  at = header.writeInt32BE(1, at + 6); // topics, behind error code and session
  at = header.writeInt16BE(1, at);
  at += header.write("t", at);
  at = header.writeInt32BE(1, at); // partitions
  at = header.writeInt32BE(4, at);
  at = header.writeInt16BE(0, at); // error code
  for (const offset of [30n, 20n, 10n]) at = header.writeBigInt64BE(offset, at);
  at = header.writeInt32BE(2, at); // aborted transactions
  for (const value of [5n, 12n, 6n, 11n]) at = header.writeBigInt64BE(value, at);
  at = header.writeInt32BE(-1, at); // preferred replica
  header.writeInt32BE(records.length, at);
  return Buffer.concat([header, records]);
}

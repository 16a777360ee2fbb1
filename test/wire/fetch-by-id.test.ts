/** Fetch answers that name topics by their ids (version 13). */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { deleteTopicsV1 } from "@platformatic/kafka";
import fc from "fast-check";
import { decodeFetchAnswerById, fetchPartitions } from "../../src/wire/fetch.ts";
import { PartitionLeaders } from "../../src/wire/partition-leaders.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { mutated } from "../support/mutated.ts";
import { produce } from "../support/produce.ts";
import { encodeBatch } from "../support/record-batch.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";
import { createNamedTopic, createTopic } from "../support/topics.ts";
import { withBroker } from "../support/wire.ts";

setDefaultTimeout(BROKER_TEST_MS);

const MAX_BYTES = 1 << 20;
const UNKNOWN_TOPIC_ID = 100;

test("partitions of several topics come in one answer, by their names", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const leaders = new PartitionLeaders(access.connections);
  const topics = [await createTopic(east, "by-id", { partitions: 2 }), await createTopic(east, "by-id")] as const;
  await produce(east, topics[0], [{ value: "1" }, { partition: 1, value: "2" }, { partition: 1, value: "3" }]);
  await produce(east, topics[1], [{ value: "4" }]);
  const wanted = await Promise.all(
    [[topics[0], 0] as const, [topics[0], 1] as const, [topics[1], 0] as const].map(async ([topic, partition]) => {
      const { topicId, epoch } = await leaders.of(topic, partition);
      return { topic, topicId, partition, offset: 0, maxBytes: MAX_BYTES, currentLeaderEpoch: epoch };
    }),
  );
  expect(wanted.map(({ topicId }) => typeof topicId)).toEqual(["string", "string", "string"]);
  const { partitions } = await fetchPartitions(await access.leaderOf(topics[0]), wanted);
  const counts = partitions.map(({ topic, partition, errorCode, highWatermark, records }) => {
    const count = [...splitBatches(records)].reduce((sum, batch) => sum + (batch.magic === 2 ? batch.count : 0), 0);
    return [`${topics.indexOf(topic)}/${partition}`, errorCode, highWatermark, count];
  });
  expect(counts.toSorted()).toEqual([
    ["0/0", 0, 1, 1],
    ["0/1", 0, 2, 2],
    ["1/0", 0, 1, 1],
  ]);
});

test("a topic made anew under the same name is not read", async () => {
  const { east } = await clusters();
  await using access = brokerAccess(east);
  const topic = await createTopic(east, "by-id");
  await produce(east, topic, [{ value: "before" }]);
  const { topicId } = await new PartitionLeaders(access.connections).of(topic, 0);
  await withBroker(east, (connection) => deleteTopicsV1.api.async(connection, [{ name: topic }], 30_000));
  await createNamedTopic(east, topic);
  await produce(east, topic, [{ value: "after" }]);
  const wanted = [{ topic, topicId, partition: 0, offset: 0, maxBytes: MAX_BYTES }];
  const [fetched] = (await fetchPartitions(await access.leaderOf(topic), wanted)).partitions;
  expect([fetched?.errorCode, fetched?.records.length]).toEqual([UNKNOWN_TOPIC_ID, 0]);
});

describe("an answer", () => {
  const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const topics = new Map([[ID, "orders"]]);
  const batch = encodeBatch([{ value: "a" }], "none", null);
  const answer = encodeAnswer(batch);

  test("is read with its batches as views", () => {
    const { throttleMs, errorCode, partitions } = decodeFetchAnswerById(answer, topics);
    const fetched = { partition: 4, errorCode: 0, highWatermark: 30, lastStableOffset: 20, logStartOffset: 10 };
    const aborted = [
      { producerId: 6n, firstOffset: 11 },
      { producerId: 5n, firstOffset: 12 },
    ];
    expect({ throttleMs, errorCode, partitions }).toEqual({
      throttleMs: 7,
      errorCode: 0,
      partitions: [{ topic: "orders", ...fetched, aborted, records: batch }],
    });
    expect(partitions[0]?.records.buffer).toBe(answer.buffer);
  });

  test("about a topic nobody asked for is refused", () => {
    expect(thrownBy(() => decodeFetchAnswerById(answer, new Map())).message).toBe(
      "a Fetch answer is about a topic nobody asked for",
    );
  });

  test("cut off anywhere is refused", () => {
    // The last two bytes are the tags of the topic and of the answer; of the latter nothing is read.
    for (let length = 0; length < answer.length - 1; length++) {
      expect(thrownBy(() => decodeFetchAnswerById(answer.subarray(0, length), topics)).code).toBe("kafka");
    }
  });

  test("of anything at all is read or refused", () => {
    const anything = fc.oneof(
      mutated([answer]),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        outcomeOf(() => decodeFetchAnswerById(bytes, topics));
      }),
      { numRuns: 5000 },
    );
  });

  /** Fetch answer, version 13, of one partition, with a tagged field (the diverging epoch) behind it. */
  function encodeAnswer(records: Buffer): Buffer {
    const before = Buffer.alloc(10 + 1 + 16 + 1 + 4 + 2 + 24 + 1 + 34 + 4 + 1);
    let at = before.writeInt32BE(7, 0); // throttle time
    at = before.writeUInt8(1 + 1, at + 6); // topics, behind error code and session
    at += before.write(ID.replaceAll("-", ""), at, "hex");
    at = before.writeUInt8(1 + 1, at); // partitions
    at = before.writeInt32BE(4, at);
    at = before.writeInt16BE(0, at); // error code
    for (const offset of [30n, 20n, 10n]) at = before.writeBigInt64BE(offset, at);
    at = before.writeUInt8(2 + 1, at); // aborted transactions
    for (const [producerId, offset] of [
      [5n, 12n],
      [6n, 11n],
    ] as const) {
      at = before.writeBigInt64BE(producerId, at);
      at = before.writeBigInt64BE(offset, at);
      at = before.writeUInt8(0, at); // tags
    }
    at = before.writeInt32BE(-1, at); // preferred replica
    before.writeUInt8(records.length + 1, at);
    const tags = Buffer.from([1, 0, 13, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0]);
    return Buffer.concat([before, records, tags, Buffer.from([0, 0])]);
  }
});

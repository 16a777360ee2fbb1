import { expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const OFFSET_OUT_OF_RANGE = 1;
const THREE = [{ value: "a" }, { value: "b" }, { value: "c" }];

test("the log starts at the given offset and ends where it did", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "cut");
  await produce(east, topic, THREE);
  const start = await client.deleteRecords(topic, 0, 2);
  expect([start, await client.logStartOffsets(topic, [0]), await client.logEndOffsets(topic, [0])]).toEqual([
    2,
    new Map([[0, 2]]),
    new Map([[0, 3]]),
  ]);
});

test("more than there is cannot be deleted, and the error says where that was", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "cut");
  await produce(east, topic, THREE);
  expect(await failureOf(client.deleteRecords(topic, 0, 4))).toMatchObject({
    code: "offset-out-of-range",
    facts: { topic, partition: 0, offset: 4, kafkaCode: OFFSET_OUT_OF_RANGE },
  });
});

test("a partition that does not exist is named, and has neither start nor end", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap, {}, { requestTimeoutMs: 1000 });
  const topic = await createTopic(east, "cut");
  const error = await failureOf(client.deleteRecords(topic, 7, 1));
  expect({
    error,
    start: await client.logStartOffsets(topic, [7]),
    end: await client.logEndOffsets(topic, [7]),
  }).toEqual({
    error: expect.objectContaining({ code: "unknown-topic", facts: { topic, partition: 7 } }),
    start: new Map(),
    end: new Map(),
  });
});

test("the end of a log is behind what is still open in it", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const topic = await createTopic(east, "open");
  const transaction = await beginTransaction(east);
  await transaction.send(topic, THREE);
  const ends = await client.logEndOffsets(topic, [0]);
  await transaction.abort();
  expect(ends).toEqual(new Map([[0, 3]]));
});

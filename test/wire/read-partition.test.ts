import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { decodeBody } from "../../src/wire/decode-records.ts";
import { deleteRecords } from "../../src/wire/delete-records.ts";
import { readPartition } from "../../src/wire/read-partition.ts";
import { type BrokerAccess, brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import type { TestCluster } from "../support/test-cluster.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

let east: TestCluster;
let access: BrokerAccess;
beforeAll(async () => {
  ({ east } = await clusters());
  access = brokerAccess(east);
});
afterAll(() => access[Symbol.asyncDispose]());

/** Offsets and values of a range. */
async function read(topic: string, from: number, to: number, timeoutMs = 60_000): Promise<[number, string][]> {
  const source = { cluster: "cluster east", connections: access.connections, topic, partition: 0, timeoutMs };
  const found: [number, string][] = [];
  for await (const records of readPartition(source, from, to)) {
    for (const { offset, body } of records) found.push([offset, String(decodeBody(body).value)]);
  }
  return found;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `${index}` }));

describe("readPartition", () => {
  test("reads a range that begins and ends in the middle of batches", async () => {
    const topic = await createTopic(east, "ranges");
    await produce(east, topic, numbered(10), { batchRecords: 4, compression: "lz4" });
    expect((await read(topic, 2, 9)).map(([offset]) => offset)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  test("reads more than one answer holds, each record once", async () => {
    const topic = await createTopic(east, "large");
    const filling = "x".repeat(1000);
    const records = Array.from({ length: 12_000 }, (_, index) => ({ value: `${index}${filling}` }));
    await produce(east, topic, records, { batchRecords: 500 });
    const found = await read(topic, 0, records.length);
    expect(found).toEqual(records.map(({ value }, offset) => [offset, value]));
  });

  test("passes over what was aborted and over markers, also at the end", async () => {
    const topic = await createTopic(east, "aborted");
    await produce(east, topic, [{ value: "a" }]);
    const transaction = await beginTransaction(east);
    await transaction.send(topic, numbered(3));
    await transaction.abort();
    expect(await read(topic, 0, 5)).toEqual([[0, "a"]]);
  });

  test("reads nothing of an empty range", async () => {
    const topic = await createTopic(east, "empty");
    expect(await read(topic, 0, 0)).toEqual([]);
  });

  test("rejects where records were deleted, and says what to do", async () => {
    const topic = await createTopic(east, "deleted");
    await produce(east, topic, numbered(10));
    await deleteRecords(await access.leaderOf(topic), { topic, partition: 0, before: 5 });
    const { code, message } = await failureOf(read(topic, 2, 10));
    expect(code).toBe("offset-out-of-range");
    expect(message).toContain(`cluster east does not answer ${topic}/0 from offset 2: records were deleted meanwhile`);
  });

  test("rejects where the log ends before the range does, once that lasts too long", async () => {
    const topic = await createTopic(east, "truncated");
    await produce(east, topic, numbered(3));
    const { message } = await failureOf(read(topic, 0, 10, 1000));
    expect(message).toContain(`cluster east ends ${topic}/0 at offset 3, before 10 where it did`);
  });
});

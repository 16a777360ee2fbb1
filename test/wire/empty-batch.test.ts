import { expect, setDefaultTimeout, test } from "bun:test";
import { decodeRecords } from "../../src/wire/decode-records.ts";
import { deleteRecords } from "../../src/wire/delete-records.ts";
import { emptyBatch } from "../../src/wire/empty-batch.ts";
import { logEnd } from "../../src/wire/log-end.ts";
import { produceBatch } from "../../src/wire/produce.ts";
import { stamp } from "../../src/wire/record-batch.ts";
import { brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const NOW = Date.now();

test("an empty batch holds records with nothing in them", () => {
  expect(decodeRecords(emptyBatch(300, NOW))).toEqual(
    Array.from({ length: 300 }, (_, offset) => ({ offset, timestamp: NOW, key: null, value: null, headers: [] })),
  );
});

test("a million records fit into what brokers take by default", () => {
  expect(emptyBatch(1_000_000, NOW).byteLength).toBeLessThan(1 << 20);
});

test("a log begins far on by empty batches that are then deleted", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "prefix");
  const leader = await access.leaderOf(topic);
  const batch = emptyBatch(1_000_000, NOW);
  for (let i = 0; i < 3; i++) {
    stamp(batch, { producerId: 2n ** 62n + 1n, producerEpoch: 0, baseSequence: i * 1_000_000 });
    await produceBatch(leader, { topic, partition: 0, batch });
  }
  const start = await deleteRecords(leader, { topic, partition: 0, before: 2_999_999 });
  await produce(west, topic, [{ value: "first" }]);
  const records = (await readTopic(west, topic, { from: start })).get(0) ?? [];
  expect([start, await logEnd(leader, topic, 0), records.map(({ offset, value }) => [offset, value === null])]).toEqual(
    [
      2_999_999,
      3_000_001,
      [
        [2_999_999, true],
        [3_000_000, false],
      ],
    ],
  );
});

test.each([
  ["behind the end", {}, "offset-out-of-range"],
  ["in a topic that is only compacted", { "cleanup.policy": "compact" }, "kafka"],
])("deleting %s is refused in the broker's words", async (_, configs, code) => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "prefix", { configs });
  const request = { topic, partition: 0, before: 5 };
  expect(await failureOf(deleteRecords(await access.leaderOf(topic), request))).toMatchObject({
    code,
    message: expect.stringContaining(`cannot delete the records of ${topic}/0 before offset 5: `),
  });
});

test("the end and the producers of a topic that is missing are refused as that", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const leader = await access.connections.toAny();
  expect(await failureOf(logEnd(leader, uniqueName("missing"), 0))).toMatchObject({ code: "unknown-topic" });
});

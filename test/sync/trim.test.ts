import { expect, setDefaultTimeout, test } from "bun:test";
import { followLogStart } from "../../src/sync/trim.ts";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const TEN = Array.from({ length: 10 }, (_, i) => ({ value: `${i}`, key: `${i}` }));

test("the start of each log follows its source's, and what is after it stays", async () => {
  const { west } = await clusters();
  await using client = clientOf(west.bootstrap);
  const topic = await createTopic(west, "mirror", { partitions: 3 });
  await produce(
    west,
    topic,
    [0, 1, 2].flatMap((partition) => TEN.map((record) => ({ ...record, partition }))),
  );
  const starts = new Map([
    [0, 4],
    [1, 0],
    [2, 9],
  ]);
  const result = await followLogStart(client, topic, starts);
  const records = await readTopic(west, topic);
  expect({ result, left: [...records.values()].map((list) => list.map(({ offset }) => offset)) }).toEqual({
    result: {
      moved: new Map([
        [0, 4],
        [2, 9],
      ]),
      problem: null,
    },
    left: [[4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [9]],
  });
});

test("nothing beyond the end is deleted: what is not mirrored yet is not there to delete", async () => {
  const { west } = await clusters();
  await using client = clientOf(west.bootstrap);
  const topic = await createTopic(west, "mirror");
  await produce(west, topic, TEN);
  const { moved } = await followLogStart(client, topic, new Map([[0, 1_000_000]]));
  const ends = await client.logEndOffsets(topic, [0]);
  expect([moved, ends]).toEqual([new Map([[0, 10]]), new Map([[0, 10]])]);
});

test("a log start that is where the source's is, or further, is left alone", async () => {
  const { west } = await clusters();
  await using client = clientOf(west.bootstrap);
  const topic = await createTopic(west, "mirror");
  await produce(west, topic, TEN);
  await followLogStart(client, topic, new Map([[0, 5]]));
  const again = await followLogStart(client, topic, new Map([[0, 5]]));
  const back = await followLogStart(client, topic, new Map([[0, 3]]));
  expect([again, back, await client.logStartOffsets(topic, [0])]).toEqual([
    { moved: new Map(), problem: null },
    { moved: new Map(), problem: null },
    new Map([[0, 5]]),
  ]);
});

test("a log that is compacted only stays whole, which is a problem and no failure", async () => {
  const { west } = await clusters();
  await using client = clientOf(west.bootstrap);
  const topic = await createTopic(west, "mirror", { configs: { "cleanup.policy": "compact" } });
  await produce(west, topic, TEN);
  expect(await followLogStart(client, topic, new Map([[0, 5]]))).toEqual({
    moved: new Map(),
    problem: `topic ${topic} is compacted only, so its log start cannot follow the source's; turn trim off for it`,
  });
});

test("a partition that the mirror does not have yet is left out", async () => {
  const { west } = await clusters();
  await using client = clientOf(west.bootstrap);
  const topic = await createTopic(west, "mirror");
  expect(await followLogStart(client, topic, new Map([[7, 5]]))).toEqual({ moved: new Map(), problem: null });
});

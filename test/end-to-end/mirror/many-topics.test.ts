/** A link of fifty topics with ten partitions each, copied by one runner. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { committedEnds, expectSameRecords, expectVerified } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const TOPICS = 50;
const PARTITIONS = 10;
/** What the runner may take: 160 MB were seen, of which most is the runtime's. */
const SANE_BYTES = 700 << 20;

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const numbered = (name: string): TestRecord[] =>
  Array.from({ length: 20 * PARTITIONS }, (_, i) => ({ partition: i % PARTITIONS, value: `${name} ${i}` }));

test("all of them are copied, and what comes later too, in reasonable memory", async () => {
  const topics: string[] = [];
  for (let i = 0; i < TOPICS; i++) topics.push(await createTopic(brokers.east, "many", { partitions: PARTITIONS }));
  for (const topic of topics) await produce(brokers.east, topic, numbered("first"));
  const link = uniqueName("many");
  const mappings = topics.map((source) => ({ source }));
  await strait.send("POST", "/links", { name: link, source: "east", destination: "west", mappings });
  const running = await strait.lagUntil(
    link,
    ({ partitions }) =>
      partitions.length === TOPICS * PARTITIONS && partitions.every(({ state }) => state === "running"),
  );
  expect(running.total.lagRecords).not.toBeNull();

  for (const topic of topics) await produce(brokers.east, topic, numbered("second"));
  const ends = new Map<string, ReadonlyMap<number, number>>();
  for (const topic of topics) ends.set(topic, await committedEnds(brokers.east, topic));
  await strait.lagUntil(link, ({ partitions }) =>
    partitions.every(({ topic, partition, nextOffset }) => nextOffset === ends.get(topic)?.get(partition)),
  );
  for (const topic of topics) await expectSameRecords(brokers, topic);
  await expectVerified(strait, link);
  expect(strait.control.supervisor.snapshot(link)?.status?.residentBytes).toBeLessThan(SANE_BYTES);
});

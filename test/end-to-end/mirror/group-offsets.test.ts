/** What offsets that are the same are good for: a group's committed offsets mean the same at the destination. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../../support/cluster-client.ts";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { readTopic } from "../../support/consume.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "./mirror-case.ts";
import { trafficRound } from "./traffic.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

const text = new TextDecoder();

/** What a reader of the group gets that goes on where the group is, committed records only. */
async function goingOn(cluster: TestCluster, topic: string, group: string): Promise<readonly string[]> {
  await using client = clientOf(cluster.bootstrap);
  const committed = (await client.committedOffsets(group, new Map([[topic, [0]]]))).get(topic)?.get(0);
  const records = (await readTopic(cluster, topic, { from: committed?.offset ?? 0 })).get(0) ?? [];
  return records.map(({ value }) => text.decode(value ?? new Uint8Array()));
}

test("with its committed offsets copied as they are, a group goes on at the very next record", async () => {
  const topic = await createTopic(brokers.east, "moving");
  for (let round = 0; round < 4; round++)
    await trafficRound(brokers.east, topic, round, { partitions: 1, records: 10 });
  await addMirror(strait, topic, topic);
  await mirrored(strait, topic, brokers.east, topic);
  await expectSameRecords(brokers, topic);
  await expectVerified(strait, topic);

  const records = (await readTopic(brokers.east, topic)).get(0) ?? [];
  expect(records.length).toBeLessThan((records.at(-1)?.offset ?? 0) + 1); // there are holes
  await using east = clientOf(brokers.east.bootstrap);
  await using west = clientOf(brokers.west.bootstrap);
  // Before and behind markers and aborted records too: at each offset a consumer may have committed.
  for (let read = 0; read < records.length; read += 3) {
    const group = uniqueName("group");
    const offset = (records[read]?.offset ?? 0) + 1;
    await east.commitOffsets(group, [{ topic, partition: 0, offset, metadata: "" }]);
    const committed = (await east.committedOffsets(group, new Map([[topic, [0]]]))).get(topic)?.get(0);
    await west.commitOffsets(group, [{ topic, partition: 0, offset: committed?.offset ?? -1, metadata: "" }]);
    const rest = records.slice(read + 1).map(({ value }) => text.decode(value ?? new Uint8Array()));
    expect(await goingOn(brokers.west, topic, group)).toEqual(rest);
  }
});

/** Two runners of one link on the same partitions at once, which the group never lets happen: the fence has to hold. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { completeMapping } from "../../../src/config/complete-mapping.ts";
import type { LinkPlan } from "../../../src/model/runner-protocol.ts";
import { LinkConnections } from "../../../src/runner/link-connections.ts";
import { MappingRunner } from "../../../src/runner/mapping-runner.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { beginTransaction } from "../../support/transaction.ts";
import { until } from "../strait.ts";
import { committedEnds, expectSameRecords } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PARTITIONS = 3;
const NUMBERS = Array.from({ length: PARTITIONS }, (_, partition) => partition);

let brokers: TestClusters;
beforeAll(async () => {
  brokers = await clusters();
});
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A runner's mapping, given all partitions whatever others have. Without `markers` it behaves as where they are refused. */
async function forced(link: string, topic: string, markers: boolean): Promise<MappingRunner> {
  const cluster = (name: string, bootstrap: string) => {
    return { name, region: name, properties: { "bootstrap.servers": bootstrap } };
  };
  const mapping = completeMapping({ source: topic, name: "mirrored" });
  const ruling = { refusal: null, filters: [], policies: [] };
  const plan: LinkPlan = {
    link: { name: link, source: "east", destination: "west", paused: false, mappings: [mapping] },
    source: cluster("east", brokers.east.bootstrap),
    destination: cluster("west", brokers.west.bootstrap),
    nodeId: uniqueName("node"),
    filterDirectories: [],
    rulings: { mirrored: ruling },
  };
  const connections = await LinkConnections.open(plan);
  if (!markers) (await connections.mirrors.holes()).markers = false;
  const runner = new MappingRunner({ ...plan, connections, link, mapping, ruling, compression: undefined }, false);
  runner.assign(NUMBERS);
  closing.push(async () => {
    await runner.close();
    await connections.close();
  });
  return runner;
}

test.each([
  ["plain records", false, true],
  ["transactions, some aborted", true, true],
  ["transactions, some aborted, where markers are refused", true, false],
])("two at once leave one mirror: %s", async (_, transactional, markers) => {
  const topic = await createTopic(brokers.east, "mirror-two", { partitions: PARTITIONS });
  const link = uniqueName("two");
  const range = (from: number, count: number) =>
    Array.from({ length: count }, (_, i): TestRecord => ({ partition: i % PARTITIONS, value: `value ${from + i}` }));
  await produce(brokers.east, topic, range(0, 6000), { batchRecords: 50 });
  const runners = await Promise.all([forced(link, topic, markers), forced(link, topic, markers)]);
  for (let round = 0; round < (markers ? 60 : 20); round++) {
    await produce(brokers.east, topic, range(round, 30), { batchRecords: 7 });
    if (!transactional) continue;
    const transaction = await beginTransaction(brokers.east);
    await transaction.send(topic, range(round, 12));
    await (round % 3 === 0 ? transaction.abort() : transaction.commit());
  }
  const ends = await committedEnds(brokers.east, topic);
  await until(
    async () => runners.flatMap((runner) => runner.statuses()),
    (all) =>
      NUMBERS.every((partition) => all.some((s) => s.partition === partition && s.nextOffset === ends.get(partition))),
    60_000,
    "the mirror",
  );
  // Whoever is behind looks again; neither gives up.
  for (const { state, reason } of runners.flatMap((runner) => runner.statuses())) {
    expect(["running", "retrying", "seeding"], reason ?? "").toContain(state);
  }
  await expectSameRecords(brokers, topic);
});

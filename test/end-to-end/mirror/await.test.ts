/** Waiting until an offset is at the destination, and what is known of mirrors while their runner is not there. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { readTopic } from "../../support/consume.ts";
import { produce } from "../../support/produce.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import { beginTransaction } from "../../support/transaction.ts";
import { Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, mirrored } from "./mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

async function awaited(link: string, query: Record<string, string | number>) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  const response = await fetch(`${strait.control.url}/v1/links/${link}/await?${parameters}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe.each(["mirror", "append"])("await in mode %s", (mode) => {
  test("answers once the record can be read at the destination", async () => {
    const topic = await createTopic(brokers.east, "await", { partitions: 2 });
    const link = uniqueName("await");
    await addMirror(strait, link, topic, { mode });
    for (let round = 0; round < 5; round++) {
      const [offset = -1] = await produce(brokers.east, topic, [{ partition: 1, value: `round ${round}` }]);
      const { status, body } = await awaited(link, { topic, partition: 1, offset });
      expect([status, body["nextOffset"]]).toEqual([200, offset + 1]);
      const there = (await readTopic(brokers.west, topic)).get(1) ?? [];
      expect(Buffer.from(there.at(-1)?.value ?? []).toString()).toBe(`round ${round}`);
    }
  });

  test("answers 504 in words where it takes longer", async () => {
    const topic = await createTopic(brokers.east, "await", { partitions: 1 });
    const link = uniqueName("await");
    await addMirror(strait, link, topic, { mode });
    await produce(brokers.east, topic, [{ value: "one" }]);
    await mirrored(strait, link, brokers.east, topic);
    const { status, body } = await awaited(link, { topic, partition: 0, offset: 1, timeoutMs: 50 });
    expect([status, body["title"]]).toEqual([504, "Not in time"]);
    expect(body["detail"]).toContain(
      `offset 1 of ${topic}/0 was not at the destination within 50 ms: offset 1 is the next`,
    );
  });
});

test("a topic the link does not copy is not found, a missing parameter is said", async () => {
  const topic = await createTopic(brokers.east, "await", { partitions: 1 });
  const link = uniqueName("await");
  await addMirror(strait, link, topic);
  expect((await awaited(link, { topic: `${topic}x`, partition: 0, offset: 1 })).status).toBe(404);
  const { status, body } = await awaited(link, { topic, partition: 0 });
  expect([status, body["errors"]]).toMatchObject([400, [{ path: "/offset" }]]);
});

test("lag and evidence of a mirror are right while its runner is down", async () => {
  const topic = await createTopic(brokers.east, "down", { partitions: 2 });
  const link = uniqueName("down");
  await addMirror(strait, link, topic);
  const records = Array.from({ length: 200 }, (_, i) => ({ partition: i % 2, value: `${i}` }));
  await produce(brokers.east, topic, records);
  const transaction = await beginTransaction(brokers.east);
  await transaction.send(topic, [{ partition: 0, value: "aborted" }]);
  await transaction.abort();
  await mirrored(strait, link, brokers.east, topic);
  // A stop in order commits what was counted; then nothing but the clusters knows of the link.
  await strait.send("POST", `/links/${link}/pause`);
  await strait.lagUntil(link, ({ partitions }) => partitions.every(({ state }) => state === "paused"));
  const other = await Strait.start();
  await other.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
  try {
    await other.send("POST", "/links", {
      name: link,
      source: "east",
      destination: "west",
      paused: true,
      mappings: [{ source: topic, name: "mirrored" }],
    });
    await produce(brokers.east, topic, [{ partition: 1, value: "later" }]);
    const lag = await other.lagUntil(link, ({ total }) => total.lagRecords === 1);
    expect(lag.partitions).toMatchObject([
      { partition: 0, nextOffset: 102, lagRecords: 0 },
      { partition: 1, nextOffset: 100, lagRecords: 1 },
    ]);
    expect(await other.evidence(link)).toMatchObject({ read: 200, kept: 200 });
  } finally {
    await other.close();
  }
});

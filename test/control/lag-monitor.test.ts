import { describe, expect, test } from "bun:test";
import { connectToCluster } from "../../src/control/connect-to-cluster.ts";
import type { LinkEvidence } from "../../src/control/evidence.ts";
import type { LinkLag } from "../../src/control/lag.ts";
import { encodeNote } from "../../src/model/progress.ts";
import { ClusterClient } from "../../src/wire/cluster-client.ts";
import { clusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import type { TestCluster } from "../support/test-cluster.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { type ControlUnderTest, controlUnderTest } from "./control-under-test.ts";
import { until } from "./until.ts";

/** No runner reports: what the lag knows comes from the clusters alone. */
const DOWN = { runnerModule: new URL("./fixtures/exiting-runner.ts", import.meta.url), restartDelay: () => 60_000 };

async function controlBetween(east: TestCluster, west: TestCluster): Promise<ControlUnderTest> {
  const subject = await controlUnderTest({ supervisor: DOWN, connect: connectToCluster });
  for (const [name, { bootstrap }] of [
    ["east", east],
    ["west", west],
  ] as const) {
    const body = { region: "eu", properties: { "bootstrap.servers": bootstrap } };
    const { status } = await subject.call("PUT", `/v1/clusters/${name}`, body);
    if (status !== 201) throw new Error(`adding ${name}: status ${status}`);
  }
  return subject;
}

async function addLink(subject: ControlUnderTest, source: string, destination = source): Promise<string> {
  const name = uniqueName("link");
  const mappings = [{ name: "orders", source, destination, mode: "append" }];
  const { status, body } = await subject.call("POST", "/v1/links", {
    name,
    source: "east",
    destination: "west",
    mappings,
  });
  if (status !== 201) throw new Error(`adding the link: ${JSON.stringify(body)}`);
  return name;
}

async function lagOf(subject: ControlUnderTest, link: string): Promise<LinkLag> {
  return (await subject.call("GET", `/v1/links/${link}/lag`)).body as unknown as LinkLag;
}

async function commit(
  cluster: TestCluster,
  link: string,
  topic: string,
  partition: number,
  offset: number,
  metadata: string,
) {
  const properties = { "bootstrap.servers": cluster.bootstrap };
  const client = new ClusterClient({ name: "west", region: "us", properties });
  await client.commitOffsets(`strait.${link}`, [{ topic, partition, offset, metadata }]);
  await client.close();
}

const RECORDS = Array.from({ length: 10 }, (_, index) => ({ partition: index % 2, value: `${index}` }));

describe("lag from the clusters while no runner reports", () => {
  test("is everything where nothing is committed, and follows the source within a second", async () => {
    const { east, west } = await clusters();
    const topic = await createTopic(east, "orders", { partitions: 2 });
    await using subject = await controlBetween(east, west);
    const link = await addLink(subject, topic);
    await produce(east, topic, RECORDS);
    const ends = async () => (await lagOf(subject, link)).partitions.map(({ sourceEndOffset }) => sourceEndOffset);
    await until("the new ends", async () => (await ends()).every((end) => end === 5), 1_500);
    const lag = await until("what is committed", async () => {
      const found = await lagOf(subject, link);
      return found.total.lagRecords !== null && found.total.lagMs !== null && found;
    });
    expect(lag.partitions).toMatchObject([
      { partition: 0, sourceStartOffset: 0, sourceEndOffset: 5, nextOffset: null, lagRecords: 5 },
      { partition: 1, sourceStartOffset: 0, sourceEndOffset: 5, nextOffset: null, lagRecords: 5 },
    ]);
    expect(lag.total.lagRecords).toBe(10);
  });

  test("counts from what is committed at the destination, with the evidence beside it", async () => {
    const { east, west } = await clusters();
    const topic = await createTopic(east, "orders", { partitions: 2 });
    const destination = await createTopic(west, "copy", { partitions: 2 });
    const timestamp = Date.now() - 60_000;
    await produce(
      east,
      topic,
      RECORDS.map((record) => ({ ...record, timestamp })),
    );
    await using subject = await controlBetween(east, west);
    const link = await addLink(subject, topic, destination);
    const evidence = {
      read: 4,
      kept: 1,
      replaced: 3,
      changed: { redact: { "$.a": 3 } },
      dropped: {},
      monitored: {},
      quarantined: 0,
      expired: 0,
    };
    await commit(
      west,
      link,
      destination,
      0,
      4,
      encodeNote({ mode: "append", source: topic, sourceId: null, start: null, evidence, chain: null }),
    );
    await commit(west, link, destination, 1, 5, "not strait's");
    const lag = await until("the commits", async () => {
      const found = await lagOf(subject, link);
      return found.total.lagRecords === 1 && found.total.lagMs !== null && found;
    });
    expect(lag.partitions).toMatchObject([
      { nextOffset: 4, lagRecords: 1 },
      { nextOffset: 5, lagRecords: 0, lagMs: 0 },
    ]);
    expect(lag.total.lagMs).toBeWithin(60_000, 120_000);
    const { body } = await subject.call("GET", `/v1/links/${link}/evidence`);
    expect((body as unknown as LinkEvidence).mappings[0]).toMatchObject({
      evidence: null,
      note: expect.any(String),
      partitions: [{ evidence }, { evidence: null }],
    });
  });

  test("finds progress in the helper topic where the destination has fewer partitions", async () => {
    const { east, west } = await clusters();
    const topic = await createTopic(east, "orders", { partitions: 2 });
    const destination = await createTopic(west, "copy", { partitions: 1 });
    await produce(east, topic, RECORDS);
    await using subject = await controlBetween(east, west);
    const link = await addLink(subject, topic, destination);
    const client = new ClusterClient({
      name: "west",
      region: "us",
      properties: { "bootstrap.servers": west.bootstrap },
    });
    await client.createTopic(`${destination}.strait-offsets`, { partitions: 2 });
    await client.close();
    await commit(west, link, `${destination}.strait-offsets`, 1, 2, "");
    await until("the commit", async () => (await lagOf(subject, link)).partitions[1]?.nextOffset === 2);
  });

  test("says which topic is missing", async () => {
    const { east, west } = await clusters();
    await using subject = await controlBetween(east, west);
    const topic = uniqueName("missing");
    const link = await addLink(subject, topic);
    expect(await lagOf(subject, link)).toMatchObject({ reason: `the source has no topic ${topic}`, partitions: [] });
  });
});

test("a cluster that does not answer is refused in plain words", async () => {
  await using subject = await controlUnderTest({ connect: connectToCluster });
  const body = { region: "eu", properties: { "bootstrap.servers": "127.0.0.1:1" } };
  const answer = await subject.call("PUT", "/v1/clusters/east", body);
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/properties", message: expect.stringContaining("127.0.0.1:1") }] },
  });
});

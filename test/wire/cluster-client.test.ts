import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const HOUR_AGO = Date.now() - 3_600_000;

test("check tells the brokers and the name of a cluster that answers", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  const { brokers, clusterId } = await client.check(10_000);
  const addresses = brokers.map(({ host, port }) => `${host}:${port}`);
  expect({ known: addresses.some((address) => east.bootstrap.includes(address)), named: clusterId !== null }).toEqual({
    known: true,
    named: true,
  });
});

test("a group that is not there has no members", async () => {
  const { east } = await clusters();
  await using client = clientOf(east.bootstrap);
  expect(await client.groupHolders(uniqueName("group"))).toEqual(new Map());
});

describe("topics", () => {
  test("are listed with their partitions, in order", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const names = [await createTopic(east, "b", { partitions: 3 }), await createTopic(east, "a", { partitions: 1 })];
    const found = (await client.topics()).filter(({ name }) => names.includes(name));
    expect(found).toEqual([
      { name: names[1] as string, partitions: 1, internal: false },
      { name: names[0] as string, partitions: 3, internal: false },
    ]);
  });

  test("the cluster's own are marked", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    await client.committedOffsets(uniqueName("group"), new Map([["any", [0]]])); // makes the cluster create it
    expect((await client.topics()).find(({ name }) => name === "__consumer_offsets")?.internal).toBe(true);
  });

  test("asking for the partitions of one that is missing does not create it", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const name = uniqueName("missing");
    const counts = [await client.partitionCount(name), await client.partitionCount(name)];
    expect(counts).toEqual([null, null]);
  });

  test("a name no topic can have is refused in the broker's words", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    expect(await failureOf(client.partitionCount("no/topic"))).toMatchObject({
      code: "kafka",
      message: expect.stringContaining("no/topic"),
      facts: { topic: "no/topic", kafkaCode: 17 },
    });
  });

  test("one that was created is there at once, and is not created again", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const name = uniqueName("new");
    const results = [
      await client.createTopic(name, { partitions: 5 }),
      await client.partitionCount(name),
      await client.createTopic(name, { partitions: 2 }),
      await client.partitionCount(name),
    ];
    expect(results).toEqual(["created", 5, "exists", 5]);
  });

  test("settings of a new one reach the broker, which says what it does not like", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const options = { partitions: 1, configs: { "cleanup.policy": "sometimes" } };
    expect(await failureOf(client.createTopic(uniqueName("new"), options))).toMatchObject({
      code: "kafka",
      retriable: false,
      message: expect.stringContaining("cleanup.policy"),
    });
  });
});

describe("offsets", () => {
  test("start and end are told for every partition that exists, and others are left out", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const [full, empty] = [await createTopic(east, "full", { partitions: 3 }), await createTopic(east, "empty")];
    await produce(east, full, [{ value: "a" }, { value: "b" }, { partition: 2, value: "c" }]);
    const wanted = new Map([
      [full, [0, 1, 2, 9]],
      [empty, [0]],
      [uniqueName("missing"), [0]],
    ]);
    expect(plain(await client.partitionOffsets(wanted))).toEqual({
      [full]: { 0: { start: 0, end: 2 }, 1: { start: 0, end: 0 }, 2: { start: 0, end: 1 } },
      [empty]: { 0: { start: 0, end: 0 } },
    });
  });

  test("the end is the last stable offset while a transaction is open, and moves on with its end", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const topic = await createTopic(east, "open");
    const end = async () => (await client.partitionOffsets(new Map([[topic, [0]]]))).get(topic)?.get(0)?.end;
    await produce(east, topic, [{ value: "a" }]);
    const transaction = await beginTransaction(east);
    await transaction.send(topic, [{ value: "b" }, { value: "c" }]);
    const open = await end();
    await transaction.commit();
    expect([open, await end()]).toEqual([1, 4]);
  });

  test("an offset is found by time, and the end where no record is that young", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const topic = await createTopic(east, "times", { partitions: 2 });
    const at = (ms: number) => ({ value: "x", timestamp: HOUR_AGO + ms });
    await produce(east, topic, [at(0), at(10), at(20), { ...at(5), partition: 1 }]);
    expect(await client.offsetAtTime(topic, [0, 1], HOUR_AGO + 10)).toEqual(
      new Map([
        [0, 1],
        [1, 1],
      ]),
    );
  });

  test("by time of a partition that is missing is an unknown topic", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const topic = await createTopic(east, "times");
    expect(await failureOf(client.offsetAtTime(topic, [0, 7], 0))).toMatchObject({
      code: "unknown-topic",
      facts: { topic, partition: 7 },
    });
  });
});

describe("a group's offsets", () => {
  test("come back with their metadata, and null where there are none", async () => {
    const { east } = await clusters();
    await using client = clientOf(east.bootstrap);
    const [group, topic] = [uniqueName("group"), await createTopic(east, "committed", { partitions: 3 })];
    await client.commitOffsets(group, [
      { topic, partition: 0, offset: 12, metadata: '{"read":12}' },
      { topic, partition: 2, offset: 2 ** 40, metadata: "" },
    ]);
    expect(plain(await client.committedOffsets(group, new Map([[topic, [0, 1, 2]]])))).toEqual({
      [topic]: { 0: { offset: 12, metadata: '{"read":12}' }, 1: null, 2: { offset: 2 ** 40, metadata: "" } },
    });
  });

  test("wait for the end of a transaction that commits them", async () => {
    const { west } = await clusters();
    await using client = clientOf(west.bootstrap);
    const [group, topic] = [uniqueName("group"), await createTopic(west, "committed")];
    const transaction = await beginTransaction(west);
    await transaction.commitOffset(group, topic, 0, 42, "in a transaction");
    const reading = client.committedOffsets(group, new Map([[topic, [0]]]));
    const first = await Promise.race([reading.then(() => "answered"), client.topics().then(() => "still waiting")]);
    await transaction.commit();
    expect([first, plain(await reading)]).toEqual([
      "still waiting",
      { [topic]: { 0: { offset: 42, metadata: "in a transaction" } } },
    ]);
  });

  test("of a transaction that does not end are given up in time, and can be asked for again", async () => {
    const { west } = await clusters();
    await using client = clientOf(west.bootstrap, {}, { requestTimeoutMs: 1000 });
    const [group, topic] = [uniqueName("group"), await createTopic(west, "committed")];
    const transaction = await beginTransaction(west);
    await transaction.commitOffset(group, topic, 0, 42, "");
    const started = Date.now();
    const error = await failureOf(client.committedOffsets(group, new Map([[topic, [0]]])));
    const took = Date.now() - started;
    await transaction.abort();
    expect({
      code: error.code,
      retriable: error.retriable,
      kafkaCode: error.facts.kafkaCode,
      inTime: took < 1500,
    }).toEqual({
      code: "kafka",
      retriable: true,
      kafkaCode: 88, // UNSTABLE_OFFSET_COMMIT
      inTime: true,
    });
  });
});

test("a closed client answers no more, and closing it twice is fine", async () => {
  const { east } = await clusters();
  const client = clientOf(east.bootstrap);
  await client.check(10_000);
  await client.close();
  await client.close();
  expect((await failureOf(client.topics())).code).toBe("closed");
});

/** Maps as objects, which compare without regard to order. */
function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
}

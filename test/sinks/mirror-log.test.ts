/** The fence of a mirror partition, on a real broker: what comes next is written once, anything else is refused. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mirrorIdentity } from "../../src/sinks/mirror-identity.ts";
import type { BrokerConnections } from "../../src/wire/broker-connections.ts";
import { connectRaw, connectTo } from "../../src/wire/connect.ts";
import { PartitionLeaders } from "../../src/wire/partition-leaders.ts";
import { produceBatch } from "../../src/wire/produce.ts";
import type { RawConnection } from "../../src/wire/raw-connection.ts";
import { stamp } from "../../src/wire/record-batch.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { failureOf } from "../support/failure-of.ts";
import { batchOf, openMirrorLog } from "../support/mirror-log.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let connections: BrokerConnections;
let writers: BrokerConnections<RawConnection>;
beforeAll(async () => {
  brokers = await clusters();
  const cluster = { name: "west", region: "us", properties: { "bootstrap.servers": brokers.west.bootstrap } };
  connections = connectTo(cluster, { timeoutMs: 20_000 });
  writers = connectRaw(cluster, { timeoutMs: 20_000 });
});
afterAll(() => {
  connections.close();
  writers.close();
});

const open = (topic: string, options?: Parameters<typeof openMirrorLog>[2]) =>
  openMirrorLog({ connections, writers }, topic, options);

/** Offset and value of every record. */
async function content(topic: string): Promise<string[]> {
  const records = (await readTopic(brokers.west, topic, { isolation: "read_uncommitted" })).get(0) ?? [];
  return records.map(({ offset, value }) => `${offset} ${Buffer.from(value ?? []).toString()}`);
}

describe("append", () => {
  test("writes batches one after the other, several under way", async () => {
    const topic = await createTopic(brokers.west, "log");
    const log = await open(topic);
    for (const value of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
      await log.ready();
      void log.append(batchOf(value, value));
    }
    await log.settled();
    expect(log.end).toBe(16);
    expect(await content(topic)).toEqual([..."aabbccddeeffgghh"].map((value, offset) => `${offset} ${value}`));
  });

  test("of a producer the partition does not know, nothing goes out before the first batch is acknowledged", async () => {
    const topic = await createTopic(brokers.west, "log");
    const log = await open(topic);
    let acknowledged = false;
    const first = log.append(batchOf("a")).then(() => {
      acknowledged = true;
    });
    await log.ready();
    expect(acknowledged).toBe(true);
    await first;
  });

  test("of two logs that write the same, one batch is there and both are content", async () => {
    const topic = await createTopic(brokers.west, "log");
    const [one, other] = await Promise.all([open(topic), open(topic)]);
    await Promise.all([one.append(batchOf("a", "b")), other.append(batchOf("a", "b"))]);
    await Promise.all([one.append(batchOf("c")), other.append(batchOf("c"))]);
    expect(await content(topic)).toEqual(["0 a", "1 b", "2 c"]);
  });

  test.each([
    ["a longer batch", ["c", "d"]],
    ["the batch after next", []],
  ])("a log that is behind is refused: %s", async (_, values) => {
    const topic = await createTopic(brokers.west, "log");
    const behind = await open(topic);
    await behind.append(batchOf("a", "b"));
    const other = await open(topic);
    await other.append(batchOf("c"));
    if (values.length === 0) void behind.append(batchOf("c"));
    await behind.ready();
    if (values.length === 0) await other.append(batchOf("d", "e"));
    const refused = behind.append(batchOf(...(values.length === 0 ? ["d"] : values)));
    expect(await failureOf(refused)).toMatchObject({ code: "fenced", retriable: true });
    expect(await content(topic)).toEqual(
      values.length === 0 ? ["0 a", "1 b", "2 c", "3 d", "4 e"] : ["0 a", "1 b", "2 c"],
    );
  });

  test("goes on with the sequence where another log has ended, also around its end", async () => {
    const topic = await createTopic(brokers.west, "log");
    const leader = await connections.to((await new PartitionLeaders(connections).of(topic, 0)).broker);
    const first = batchOf("a", "b");
    // Kafka takes any first sequence, so nobody has to write two billion records.
    stamp(first, { producerId: mirrorIdentity("link", topic, 0).data, producerEpoch: 0, baseSequence: 2 ** 31 - 4 });
    expect((await produceBatch(leader, { topic, partition: 0, batch: first })).errorCode).toBe(0);
    const log = await open(topic);
    await log.append(batchOf("c"));
    await log.append(batchOf("d", "e", "f"));
    await (await open(topic)).append(batchOf("g"));
    expect(await content(topic)).toEqual([..."abcdefg"].map((value, offset) => `${offset} ${value}`));
  });

  test("a record of somebody else makes it diverge, and the reason says what to do", async () => {
    const topic = await createTopic(brokers.west, "log");
    const log = await open(topic);
    await log.append(batchOf("a"));
    await produce(brokers.west, topic, [{ value: "foreign" }]);
    const failure = await failureOf(log.append(batchOf("b")));
    expect(failure).toMatchObject({ code: "diverged", retriable: false, facts: { offset: 1 } });
    expect(failure.message).toContain("delete the topic at the destination and resume");
    expect(await failureOf(log.settled() as Promise<void>)).toBe(failure);
  });
});

test("a log to which somebody else has written does not end where it was left", async () => {
  const topic = await createTopic(brokers.west, "log");
  const log = await open(topic);
  await log.append(batchOf("a"));
  await log.requireEnd();
  await produce(brokers.west, topic, [{ value: "foreign" }]);
  expect(await failureOf(log.requireEnd())).toMatchObject({ code: "fenced", retriable: true });
});

describe.each([
  ["markers", true],
  ["empty transactions", false],
])("fill, by %s", (_, markers) => {
  test("takes up offsets nobody sees, and records follow at theirs", async () => {
    const topic = await createTopic(brokers.west, "log");
    const log = await open(topic, { markers });
    await log.fill(3);
    await log.append(batchOf("a"));
    const steps: number[] = [];
    await log.fill(7, (end) => steps.push(end));
    await log.append(batchOf("b"));
    expect(steps.at(-1)).toBe(7);
    expect(await content(topic)).toEqual(["3 a", "7 b"]);
  });

  test("is refused to a log that does not know the end any more", async () => {
    const topic = await createTopic(brokers.west, "log");
    const behind = await open(topic, { markers });
    await (await open(topic, { markers })).append(batchOf("a"));
    expect(await failureOf(behind.fill(2))).toMatchObject({ code: "fenced", retriable: true });
    expect(await content(topic)).toEqual(["0 a"]);
  });
});

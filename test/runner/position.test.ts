import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { deleteRecordsV2 } from "@platformatic/kafka";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { MappingInput } from "../../src/config/resource-inputs.ts";
import { resolvePosition } from "../../src/runner/position.ts";
import { clientOf, type DisposableClient } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";
import { withBroker } from "../support/wire.ts";

setDefaultTimeout(BROKER_TEST_MS);

const TIME = Date.now() - 60_000;

let brokers: TestClusters;
let client: DisposableClient;
/** Ten records a second apart, of which the first four have expired. */
let topic: string;
beforeAll(async () => {
  brokers = await clusters();
  client = clientOf(brokers.east.bootstrap);
  topic = await createTopic(brokers.east, "position");
  const records = Array.from({ length: 10 }, (_, second) => ({ value: "v", timestamp: TIME + second * 1000 }));
  await produce(brokers.east, topic, records, { batchRecords: 1 });
  const expired = { name: topic, partitions: [{ partitionIndex: 0, offset: 4n }] };
  await withBroker(brokers.east, (connection) => deleteRecordsV2.api.async(connection, [expired], 10_000));
});
afterAll(() => client.close());

function resolve(committed: number | null, mapping: Partial<MappingInput> = {}, partition = 0) {
  return resolvePosition(client, completeMapping({ source: topic, mode: "append", ...mapping }), partition, committed);
}

describe("where nothing was copied yet", () => {
  test("earliest is the first record there is; what expired before is nobody's loss", async () => {
    expect(await resolve(null)).toEqual({ offset: 4, expired: 0 });
  });

  test("latest is the end", async () => {
    expect(await resolve(null, { start: "latest" })).toEqual({ offset: 10, expired: 0 });
  });

  test("latest is not behind an open transaction, whose records may yet be committed", async () => {
    const source = await createTopic(brokers.east, "open");
    await produce(brokers.east, source, [{ value: "v" }]);
    const open = await beginTransaction(brokers.east);
    await open.send(source, [{ value: "v" }]);
    expect(await resolve(null, { source, start: "latest" })).toEqual({ offset: 1, expired: 0 });
    await open.abort();
  });

  test.each([
    ["between two records is the younger one", TIME + 5500, 6],
    ["of a record is that record", TIME + 7000, 7],
    ["before all is the first that is left", TIME - 1, 4],
    ["after all is the end", TIME + 10_000, 10],
  ])("a time %s", async (_, time, offset) => {
    const start = { timestamp: new Date(time).toISOString() };
    expect(await resolve(null, { start })).toEqual({ offset, expired: 0 });
  });
});

describe("where something was copied", () => {
  test("it goes on there, whatever the start says", async () => {
    expect(await resolve(6, { start: "latest" })).toEqual({ offset: 6, expired: 0 });
  });

  test("the very start and the very end are there to go on at", async () => {
    expect(await resolve(4)).toEqual({ offset: 4, expired: 0 });
    expect(await resolve(10)).toEqual({ offset: 10, expired: 0 });
  });

  test("records that expired meanwhile stop it, saying how many and what to do", async () => {
    const failure = await failureOf(resolve(1));
    expect(failure.code).toBe("records-expired");
    expect(failure.retriable).toBe(false);
    expect(failure.facts).toEqual({ topic, partition: 0, offset: 1 });
    expect(failure.message).toContain("3 offsets expired");
    expect(failure.message).toContain("onExpired");
  });

  test("records that expired meanwhile are counted where it may go on without them", async () => {
    expect(await resolve(1, { onExpired: "continue" })).toEqual({ offset: 4, expired: 3 });
  });

  test("a topic that ends before is not the one that was copied, whatever may be expired", async () => {
    const failure = await failureOf(resolve(11, { onExpired: "continue" }));
    expect(failure.code).toBe("source-truncated");
    expect(failure.retriable).toBe(false);
    expect(failure.message).toContain(`${topic}/0 ends at offset 10`);
  });
});

test.each([
  ["partition", {}, 1],
  ["topic", { source: uniqueName("missing") }, 0],
])("a %s that is not there may yet come", async (_, mapping, partition) => {
  const failure = await failureOf(resolve(null, mapping, partition));
  expect(failure.code).toBe("unknown-topic");
  expect(failure.retriable).toBe(true);
});

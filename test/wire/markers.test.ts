import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { describeProducers } from "../../src/wire/describe-producers.ts";
import { logEnd } from "../../src/wire/log-end.ts";
import { type AbortMarkers, decodeMarkersAnswer, writeAbortMarkers } from "../../src/wire/markers.ts";
import { brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { failureOf } from "../support/failure-of.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { mutated } from "../support/mutated.ts";
import { produce } from "../support/produce.ts";
import { outcomeOf } from "../support/thrown-by.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const TRANSACTION_COORDINATOR_FENCED = 52;

/** Apache Kafka in any case: others answer these requests and append nothing. */
let broker: KafkaCluster;

beforeAll(async () => {
  broker = await startKafka();
});

afterAll(() => broker.close());

function markers(topic: string, count: number, coordinatorEpoch = 0): AbortMarkers {
  return { topic, partition: 0, producerId: 2n ** 61n + 7n, coordinatorEpoch, count };
}

test("markers move the end of the log by as many as there are, and no reader sees them", async () => {
  await using access = brokerAccess(broker);
  const topic = await createTopic(broker, "holes");
  const leader = await access.leaderOf(topic);
  await produce(broker, topic, [{ value: "a" }]);
  await writeAbortMarkers(leader, markers(topic, 1));
  await writeAbortMarkers(leader, markers(topic, 5000));
  await produce(broker, topic, [{ value: "b" }]);
  const read = [await readTopic(broker, topic), await readTopic(broker, topic, { isolation: "read_uncommitted" })];
  expect(read.map((records) => records.get(0)?.map(({ offset }) => offset))).toEqual([
    [0, 5002],
    [0, 5002],
  ]);
});

test("they are one producer to the partition, without sequence and transaction", async () => {
  await using access = brokerAccess(broker);
  const topic = await createTopic(broker, "holes");
  const leader = await access.leaderOf(topic);
  await writeAbortMarkers(leader, markers(topic, 10, 4));
  expect(await describeProducers(leader, topic, 0)).toEqual([
    { producerId: 2n ** 61n + 7n, producerEpoch: 0, lastSequence: -1, coordinatorEpoch: 4, transactionStart: null },
  ]);
});

test("a coordinator epoch lower than seen before is refused and appends nothing, an equal one is not", async () => {
  await using access = brokerAccess(broker);
  const topic = await createTopic(broker, "holes");
  const leader = await access.leaderOf(topic);
  await writeAbortMarkers(leader, markers(topic, 1, 7));
  await writeAbortMarkers(leader, markers(topic, 1, 7));
  const error = await failureOf(writeAbortMarkers(leader, markers(topic, 3, 6)));
  expect({ error, end: await logEnd(leader, topic, 0) }).toMatchObject({
    error: {
      code: "kafka",
      message: expect.stringContaining(`cannot write 3 markers to ${topic}/0: `),
      facts: { topic, partition: 0, kafkaCode: TRANSACTION_COORDINATOR_FENCED },
    },
    end: 2,
  });
});

test("a topic that does not exist is refused", async () => {
  await using access = brokerAccess(broker);
  const leader = await access.connections.toAny();
  expect(await failureOf(writeAbortMarkers(leader, markers(uniqueName("missing"), 1)))).toMatchObject({
    code: "unknown-topic",
  });
});

test("an answer of anything at all is read or refused", () => {
  const answer = Buffer.from("0200000000000000070202740200000000002d00000000", "hex");
  expect(decodeMarkersAnswer(answer)).toEqual([45]);
  const anything = fc.oneof(
    mutated([answer]),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      outcomeOf(() => decodeMarkersAnswer(bytes));
    }),
    { numRuns: 5000 },
  );
});

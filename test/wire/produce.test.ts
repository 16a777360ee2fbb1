import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { describeProducers } from "../../src/wire/describe-producers.ts";
import { encodeBatches } from "../../src/wire/encode-batches.ts";
import { initProducerId } from "../../src/wire/init-producer-id.ts";
import { logEnd } from "../../src/wire/log-end.ts";
import { decodeProduceAnswer, type ProduceAnswer, produceBatch } from "../../src/wire/produce.ts";
import { type RecordBatch, stamp } from "../../src/wire/record-batch.ts";
import { retryFor } from "../../src/wire/retry.ts";
import { type BrokerAccess, brokerAccess } from "../support/broker-access.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { mutated } from "../support/mutated.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";
import { createTopic, uniqueName } from "../support/topics.ts";

setDefaultTimeout(BROKER_TEST_MS);

const OUT_OF_ORDER = 45;
/** One that no broker hands out. */
const FOREIGN_ID = 2n ** 62n + 12_345n;

function batchOf(values: string, producerId: bigint, baseSequence: number): RecordBatch {
  const records = [...values].map((value, offset) => {
    return { offset, timestamp: Date.now(), key: null, value: Buffer.from(value), headers: [] };
  });
  const [batch] = encodeBatches(records) as [RecordBatch];
  stamp(batch, { producerId, producerEpoch: 0, baseSequence });
  return batch;
}

describe("the fence: one producer id and sequence for all who write a partition", () => {
  /** Two writers that do not know of each other. */
  async function writers(topic: string) {
    const { west } = await clusters();
    const [one, other] = [brokerAccess(west), brokerAccess(west)];
    const write = async (access: BrokerAccess, values: string, sequence: number): Promise<ProduceAnswer> => {
      const batch = batchOf(values, FOREIGN_ID, sequence);
      return await produceBatch(await access.leaderOf(topic), { topic, partition: 0, batch });
    };
    return {
      one: (values: string, sequence: number) => write(one, values, sequence),
      other: (values: string, sequence: number) => write(other, values, sequence),
      leader: () => one.leaderOf(topic),
      [Symbol.asyncDispose]: async () => {
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
      },
    };
  }

  let topic: string;
  beforeAll(async () => {
    topic = await createTopic((await clusters()).west, "fence");
  });

  test("a foreign id is taken with the first sequence 0", async () => {
    await using fence = await writers(topic);
    expect(await fence.one("abc", 0)).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
      logStartOffset: 0,
      logAppendTime: -1,
    });
  });

  test("the same batch from somebody else answers with its first offset and appends nothing", async () => {
    await using fence = await writers(topic);
    expect(await fence.other("abc", 0)).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await logEnd(await fence.leader(), topic, 0)).toBe(3);
  });

  test("a batch of another size, one that overlaps and one that leaves a gap are refused", async () => {
    await using fence = await writers(topic);
    const answers = [await fence.other("ab", 0), await fence.other("cd", 2), await fence.other("f", 5)];
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER]);
    expect(await logEnd(await fence.leader(), topic, 0)).toBe(3);
  });

  test("whoever goes on where the partition is may write", async () => {
    await using fence = await writers(topic);
    const [known] = await describeProducers(await fence.leader(), topic, 0);
    const answer = await fence.other("d", (known?.lastSequence ?? -1) + 1);
    expect({ known, baseOffset: answer.baseOffset }).toEqual({
      known: {
        producerId: FOREIGN_ID,
        producerEpoch: 0,
        lastSequence: 2,
        coordinatorEpoch: -1,
        transactionStart: null,
      },
      baseOffset: 3,
    });
  });

  test("what is read is what was taken", async () => {
    const { west } = await clusters();
    const values = ((await readTopic(west, topic)).get(0) ?? []).map(({ value }) =>
      Buffer.from(value ?? []).toString(),
    );
    expect(values).toEqual(["a", "b", "c", "d"]);
  });
});

test("a sequence goes on at 0 behind 2^31 - 1", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "wrap");
  const leader = await access.leaderOf(topic);
  const { producerId } = await retryFor(30_000, "west", () => initProducerId(leader, null, 60_000));
  const answers: ProduceAnswer[] = [];
  for (const [values, sequence] of [
    ["ab", 2_147_483_646],
    ["c", 0],
  ] as const) {
    answers.push(await produceBatch(leader, { topic, partition: 0, batch: batchOf(values, producerId, sequence) }));
  }
  expect(answers).toMatchObject([
    { errorCode: 0, baseOffset: 0 },
    { errorCode: 0, baseOffset: 2 },
  ]);
});

test("requests in flight together arrive in the order of the calls", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "order");
  const leader = await access.leaderOf(topic);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      produceBatch(leader, { topic, partition: 0, batch: batchOf("x", FOREIGN_ID, i) }),
    ),
  );
  expect(answers.map(({ baseOffset }) => baseOffset)).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test("a batch may be changed as soon as the call has returned", async () => {
  const { west } = await clusters();
  await using access = brokerAccess(west);
  const topic = await createTopic(west, "copied");
  const batch = batchOf("a", FOREIGN_ID, 0);
  const answer = produceBatch(await access.leaderOf(topic), { topic, partition: 0, batch });
  batch.bytes.fill(0);
  expect((await answer).errorCode).toBe(0);
});

describe("a broker that refuses says why", () => {
  test.each([
    ["a batch larger than the topic takes", { "max.message.bytes": "100" }, 10, "v".repeat(1000)],
    ["a topic that does not exist", null, 3, "v"],
  ])("%s", async (_, configs, errorCode, value) => {
    const { west } = await clusters();
    await using access = brokerAccess(west);
    const existing = await createTopic(west, "refused", configs === null ? {} : { configs });
    const topic = configs === null ? uniqueName("missing") : existing;
    const leader = await access.leaderOf(existing);
    const answer = await produceBatch(leader, { topic, partition: 0, batch: batchOf(value, -1n, -1) });
    expect(answer).toMatchObject({ errorCode, baseOffset: -1 });
  });

  test("a compacted topic names the record without key", async () => {
    const { west } = await clusters();
    await using access = brokerAccess(west);
    const topic = await createTopic(west, "compacted", { configs: { "cleanup.policy": "compact" } });
    const leader = await access.leaderOf(topic);
    const answer = await produceBatch(leader, { topic, partition: 0, batch: batchOf("v", FOREIGN_ID, 0) });
    expect(answer).toMatchObject({ errorCode: 87, errorMessage: expect.stringMatching(/key/i) });
  });

  test("a batch that was changed behind its CRC", async () => {
    const { west } = await clusters();
    await using access = brokerAccess(west);
    const topic = await createTopic(west, "corrupt");
    const batch = batchOf("value", FOREIGN_ID, 0);
    batch.bytes.writeUInt8(0x55, batch.byteLength - 2);
    const answer = await produceBatch(await access.leaderOf(topic), { topic, partition: 0, batch });
    expect(answer.errorCode).toBe(2); // CORRUPT_MESSAGE
  });
});

describe.each([7, 8] as const)("an answer of version %p", (version) => {
  const answer = encodeAnswer(version);

  test("is read", () => {
    expect(decodeProduceAnswer(answer, version)).toEqual({
      throttleMs: 9,
      errorCode: 87,
      errorMessage: version === 7 ? null : "no key",
      baseOffset: 41,
      logAppendTime: 42,
      logStartOffset: 43,
    });
  });

  test("cut off anywhere is refused", () => {
    for (let length = 0; length < answer.length; length++) {
      expect(thrownBy(() => decodeProduceAnswer(answer.subarray(0, length), version)).code).toBe("kafka");
    }
  });

  test("of no partition is refused", () => {
    expect(thrownBy(() => decodeProduceAnswer(Buffer.alloc(8), version)).message).toBe(
      "a Produce answer is not about one partition",
    );
  });

  test("of anything at all is read or refused", () => {
    const anything = fc.oneof(
      mutated([answer]),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        outcomeOf(() => decodeProduceAnswer(bytes, version));
      }),
      { numRuns: 5000 },
    );
  });
});

/** Produce answer of one partition; version 8 has errors of records and a message besides. */
function encodeAnswer(version: 7 | 8): Buffer {
  const words = Buffer.from("no key");
  const bytes = Buffer.alloc(200);
  let at = bytes.writeInt32BE(1, 0); // topics
  at = bytes.writeInt16BE(1, at);
  at += bytes.write("t", at);
  at = bytes.writeInt32BE(1, at); // partitions
  at = bytes.writeInt32BE(0, at);
  at = bytes.writeInt16BE(87, at);
  for (const value of [41n, 42n, 43n]) at = bytes.writeBigInt64BE(value, at);
  if (version === 8) {
    at = bytes.writeInt32BE(1, at); // errors of records
    at = bytes.writeInt32BE(0, at);
    at = bytes.writeInt16BE(words.length, at);
    at += words.copy(bytes, at);
    at = bytes.writeInt16BE(-1, at); // error message
  }
  return bytes.subarray(0, bytes.writeInt32BE(9, at));
}

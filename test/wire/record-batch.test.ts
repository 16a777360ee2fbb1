import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { RecordBatch, stamp } from "../../src/wire/record-batch.ts";
import { decodeRecords, encodeBatch, type TestRecord } from "../support/record-batch.ts";
import { thrownBy } from "../support/thrown-by.ts";

const RECORDS: readonly TestRecord[] = [
  { key: "a", value: "1", headers: [["h", null]], timestamp: 1_700_000_000_005 },
  { key: null, value: null, timestamp: 1_700_000_000_001 },
  { key: "", value: "", timestamp: 1_700_000_000_009 },
];

function batchOf(change: (bytes: Buffer) => void = () => {}): RecordBatch {
  const bytes = encodeBatch(RECORDS, "zstd", { id: 7n, epoch: 3, sequence: 40 });
  bytes.writeBigInt64BE(5_000_000_000n, 0);
  bytes.writeInt32BE(12, 12);
  change(bytes);
  return new RecordBatch(bytes);
}

test("a view tells what the header says", () => {
  const batch = batchOf();
  expect({
    baseOffset: batch.baseOffset,
    lastOffsetDelta: batch.lastOffsetDelta,
    lastOffset: batch.lastOffset,
    leaderEpoch: batch.leaderEpoch,
    codec: batch.codec,
    logAppendTime: batch.logAppendTime,
    transactional: batch.transactional,
    control: batch.control,
    firstTimestamp: batch.firstTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    count: batch.count,
    intact: batch.intact,
  }).toEqual({
    baseOffset: 5_000_000_000,
    lastOffsetDelta: 2,
    lastOffset: 5_000_000_002,
    leaderEpoch: 12,
    codec: "zstd",
    logAppendTime: false,
    transactional: true,
    control: false,
    firstTimestamp: 1_700_000_000_005,
    maxTimestamp: 1_700_000_000_009,
    producerId: 7n,
    producerEpoch: 3,
    baseSequence: 40,
    count: 3,
    intact: true,
  });
});

test("a compression that does not exist is named", () => {
  const batch = batchOf((bytes) => bytes.writeInt16BE(6, 21));
  expect(thrownBy(() => batch.codec).message).toBe("a record batch has the unknown compression 6");
});

test("times and offsets beyond what a number holds are refused rather than rounded", () => {
  const batch = batchOf((bytes) => {
    bytes.writeBigInt64BE(2n ** 60n, 0);
    bytes.writeBigInt64BE(2n ** 60n, 35);
  });
  const errors = [thrownBy(() => batch.baseOffset), thrownBy(() => batch.maxTimestamp)];
  expect(errors.map(({ code }) => code)).toEqual(["kafka", "kafka"]);
});

test("a batch whose CRC does not fit is not intact", () => {
  const batch = batchOf((bytes) => bytes.writeUInt8(bytes.readUInt8(70) ^ 1, 70));
  expect(batch.intact).toBe(false);
});

describe("forwardable", () => {
  test.each([
    ["is a plain batch", 0, 2, 3, true],
    ["is one of a transaction", 0x10, 2, 3, true],
    ["is not one with holes", 0, 5, 3, false],
    ["is not an empty one, as compaction leaves it", 0, 0, 0, false],
    ["is not one with append time", 0x08, 2, 3, false],
    ["is not a control batch", 0x30, 2, 3, false],
    ["is not one whose tombstones have a time to go", 0x40, 2, 3, false],
  ])("%s", (_, attributes, lastOffsetDelta, count, expected) => {
    const batch = batchOf((bytes) => {
      bytes.writeInt16BE(attributes, 21);
      bytes.writeInt32BE(lastOffsetDelta, 23);
      bytes.writeInt32BE(count, 57);
    });
    expect(batch.forwardable).toBe(expected);
  });
});

describe("stamp", () => {
  test("makes it a batch of that producer, outside of transactions", () => {
    const batch = batchOf();
    stamp(batch, { producerId: 2n ** 62n + 5n, producerEpoch: 1, baseSequence: 2_147_483_647 });
    const { baseOffset, leaderEpoch, transactional, producerId, producerEpoch, baseSequence } = batch;
    expect({ baseOffset, leaderEpoch, transactional, producerId, producerEpoch, baseSequence }).toEqual({
      baseOffset: 0,
      leaderEpoch: -1,
      transactional: false,
      producerId: 2n ** 62n + 5n,
      producerEpoch: 1,
      baseSequence: 2_147_483_647,
    });
  });

  test("leaves the records and their times alone", () => {
    const [batch, original] = [
      batchOf((bytes) => bytes.writeBigInt64BE(0n, 0)),
      batchOf((bytes) => bytes.writeBigInt64BE(0n, 0)),
    ];
    stamp(batch, { producerId: 1n, producerEpoch: 0, baseSequence: 0 });
    expect(decodeRecords("t", 0, batch.bytes)).toEqual(decodeRecords("t", 0, original.bytes));
  });

  test("leaves the batch intact, whatever is stamped on whatever size", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }),
        fc.integer({ min: -1, max: 32_767 }),
        fc.integer({ min: -1, max: 2_147_483_647 }),
        fc.nat({ max: 5000 }),
        (producerId, producerEpoch, baseSequence, size) => {
          const batch = new RecordBatch(encodeBatch([{ value: Buffer.alloc(size, 3) }], "none", null));
          stamp(batch, { producerId, producerEpoch, baseSequence });
          expect(batch.intact).toBe(true);
        },
      ),
    );
  });

  test("can be put on again", () => {
    const batch = batchOf();
    for (const baseSequence of [0, 3, 6]) stamp(batch, { producerId: 1n, producerEpoch: 0, baseSequence });
    expect([batch.intact, batch.baseSequence]).toEqual([true, 6]);
  });
});

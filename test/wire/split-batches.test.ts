import { expect, test } from "bun:test";
import fc from "fast-check";
import { RecordBatch } from "../../src/wire/record-batch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { mutated } from "../support/mutated.ts";
import { encodeBatch } from "../support/record-batch.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";

const BATCHES = ["a", "bb", "ccc"].map((value, i) => {
  const batch = encodeBatch([{ value }], "none", null);
  batch.writeBigInt64BE(BigInt(10 * i), 0);
  return batch;
});

/** Message format 1: offset, length, CRC, magic, attributes, timestamp, key and value. */
function oldMessage(magic: number): Buffer {
  const bytes = Buffer.alloc(12 + 22);
  bytes.writeBigInt64BE(99n, 0);
  bytes.writeInt32BE(22, 8);
  bytes.writeInt8(magic, 16);
  return bytes;
}

test("batches come in order, as views of what was received", () => {
  const received = Buffer.concat(BATCHES);
  const batches = [...splitBatches(received)].filter((batch) => batch instanceof RecordBatch);
  expect(
    batches.map(({ bytes, baseOffset }) => [baseOffset, bytes.equals(BATCHES[baseOffset / 10] as Buffer)]),
  ).toEqual([
    [0, true],
    [10, true],
    [20, true],
  ]);
  expect(batches.every(({ bytes }) => bytes.buffer === received.buffer)).toBe(true);
});

test("a last batch that is cut off is left out, wherever it is cut", () => {
  const received = Buffer.concat(BATCHES);
  const whole = (BATCHES[0]?.length ?? 0) + (BATCHES[1]?.length ?? 0);
  for (let length = whole; length < received.length; length++) {
    expect([...splitBatches(received.subarray(0, length))]).toHaveLength(2);
  }
});

test("nothing at all is no batch", () => {
  expect([...splitBatches(Buffer.alloc(0))]).toEqual([]);
});

test("messages of old formats are told apart", () => {
  const found = [...splitBatches(Buffer.concat([oldMessage(0), oldMessage(1), ...BATCHES.slice(0, 1)]))];
  expect(found.map((batch) => (batch.magic === 2 ? [2, batch.baseOffset] : [batch.magic, batch.offset]))).toEqual([
    [0, 99],
    [1, 99],
    [2, 0],
  ]);
});

test.each([
  ["a format that does not exist", (bytes: Buffer) => bytes.writeInt8(3, 16), "has the unknown format 3"],
  ["a negative length", (bytes: Buffer) => bytes.writeInt32BE(-5, 8), "is shorter than its header"],
  ["a length below that of its header", (bytes: Buffer) => bytes.writeInt32BE(48, 8), "is shorter than its header"],
  ["a negative offset", (bytes: Buffer) => bytes.writeBigInt64BE(-1n, 0), "has a negative offset"],
  ["a negative count", (bytes: Buffer) => bytes.writeInt32BE(-1, 57), "claims -1 records in 1 offsets"],
  ["more records than offsets", (bytes: Buffer) => bytes.writeInt32BE(9, 57), "claims 9 records in 1 offsets"],
])("%s is refused, and said where it is", (_, spoil, problem) => {
  const spoiled = Buffer.from(BATCHES[1] as Buffer);
  spoil(spoiled);
  const received = Buffer.concat([BATCHES[0] as Buffer, spoiled]);
  expect(thrownBy(() => [...splitBatches(received)])).toMatchObject({
    code: "kafka",
    message: `the record batch at byte ${BATCHES[0]?.length} of a Fetch answer ${problem}`,
  });
});

test("anything at all is split into batches inside of it, or refused", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    mutated([Buffer.concat(BATCHES), Buffer.concat([oldMessage(1), ...BATCHES])]),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      const found = outcomeOf(() => [...splitBatches(bytes)]);
      if (!Array.isArray(found)) return;
      expect(found.reduce((sum, batch) => sum + batch.bytes.length, 0)).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

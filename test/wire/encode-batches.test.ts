import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CODECS } from "../../src/wire/compression.ts";
import { type DecodedRecord, decodeRecords, rawRecords } from "../../src/wire/decode-records.ts";
import { encodeBatches, reencodeBatch } from "../../src/wire/encode-batches.ts";
import type { RecordBatch } from "../../src/wire/record-batch.ts";
import * as reference from "../support/record-batch.ts";

const NOW = Date.now();

const bytes = fc.uint8Array({ maxLength: 40 }).map((content) => Buffer.from(content));
const content = fc.option(bytes);
/** Records in order of offset, with holes now and then. */
const records = fc
  .array(
    fc.record({
      step: fc.oneof(
        { weight: 4, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 1000 }) },
      ),
      timestamp: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 2 ** 42 })),
      key: content,
      value: content,
      headers: fc.array(fc.record({ name: fc.string({ unit: "binary" }), value: content }), { maxLength: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((list) => {
    let offset = 5_000_000_000;
    return list.map(({ step, ...record }): DecodedRecord => {
      offset += step;
      return { ...record, offset };
    });
  });

function readBack(batches: readonly RecordBatch[]): unknown[] {
  return batches
    .flatMap((batch) => reference.decodeRecords("t", 0, batch.bytes))
    .map(({ topic: _, partition: __, ...record }) => record);
}

describe.each([...CODECS])("compression %s", (codec) => {
  test("what is encoded is read by others as it was, in batches a broker takes", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 62, max: 600 }), (list, maxBytes) => {
        const batches = encodeBatches(list, { codec, maxBytes });
        expect(readBack(batches)).toEqual(list);
        expect(batches.every((batch) => batch.forwardable && batch.intact)).toBe(true);
      }),
    );
  });

  test("a batch taken apart is the same records again, from an offset on", () => {
    fc.assert(
      fc.property(records, fc.nat({ max: 40 }), (list, skip) => {
        const batches = encodeBatches(list, { codec });
        const from = 5_000_000_000 + skip;
        const again = batches.flatMap((batch) => reencodeBatch(batch, { from }));
        expect(readBack(again)).toEqual(list.filter(({ offset }) => offset >= from));
      }),
    );
  });
});

test("batches end at holes and before they are too large", () => {
  const list = [1, 2, 3, 7, 8, 9].map((offset) => ({
    offset,
    timestamp: NOW,
    key: null,
    value: Buffer.alloc(100),
    headers: [],
  }));
  const batches = encodeBatches(list, { maxBytes: 61 + 2 * 110 });
  expect(batches.map(({ baseOffset, count }) => [baseOffset, count])).toEqual([
    [1, 2],
    [3, 1],
    [7, 2],
    [9, 1],
  ]);
});

test("no batch is larger than allowed, but for a record that is so by itself", () => {
  const sizes = [10, 5000, 10, 800, 90, 3, 1000, 2];
  const list = sizes.map((size, offset) => ({
    offset,
    timestamp: NOW,
    key: null,
    value: Buffer.alloc(size, 1),
    headers: [],
  }));
  const batches = encodeBatches(list, { maxBytes: 1000 });
  expect(batches.filter(({ byteLength, count }) => byteLength > 1000 && count > 1)).toEqual([]);
});

test("content that compression does not make smaller is left as it is", () => {
  const value = crypto.getRandomValues(Buffer.alloc(1000));
  const [batch] = encodeBatches([{ offset: 0, timestamp: NOW, key: null, value, headers: [] }], { codec: "gzip" });
  expect(batch?.codec).toBe("none");
});

test("a batch is compressed as it was unless something else is wanted", () => {
  const list = Array.from({ length: 50 }, (_, offset) => ({
    offset,
    timestamp: NOW,
    key: null,
    value: Buffer.alloc(99),
    headers: [],
  }));
  const [batch] = encodeBatches(list, { codec: "lz4" }) as [RecordBatch];
  const codecs = [reencodeBatch(batch), reencodeBatch(batch, { codec: "zstd" })].map(([again]) => again?.codec);
  expect(codecs).toEqual(["lz4", "zstd"]);
});

test("bodies go in as they came out", () => {
  const list = [
    { offset: 3, timestamp: NOW, key: Buffer.from("k"), value: null, headers: [{ name: "h", value: null }] },
  ];
  const [batch] = encodeBatches(list) as [RecordBatch];
  const again = encodeBatches(rawRecords(batch));
  expect(again.flatMap((one) => decodeRecords(one))).toEqual(list);
});

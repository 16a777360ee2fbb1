import { describe, expect, test } from "bun:test";
import { crc32c } from "@platformatic/kafka";
import fc from "fast-check";
import { type Drop, drop, type Replace, replace } from "../../src/model/filter.ts";
import { type MirrorPart, packed } from "../../src/sinks/mirror-batch.ts";
import { CODECS, type Codec } from "../../src/wire/compression.ts";
import { type DecodedRecord, decodeRecords, rawRecords } from "../../src/wire/decode-records.ts";
import { encodeBatches } from "../../src/wire/encode-batches.ts";
import { LAYOUT, RecordBatch } from "../../src/wire/record-batch.ts";
import { thrownBy } from "../support/thrown-by.ts";

const NOW = Date.now();
const ANY = { from: 0, maxBatchBytes: null, codec: null };

const bytes = (text: string) => Buffer.from(text);

/** A record with a value of its own unless told otherwise. */
function record(offset: number, parts: Partial<DecodedRecord> = {}): DecodedRecord {
  return { offset, timestamp: NOW + offset, key: null, value: bytes(`value ${offset}`), headers: [], ...parts };
}

/** Records at `from` and the offsets that follow. */
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => record(from + i));

function batchOf(records: readonly DecodedRecord[], codec: Codec = "none"): RecordBatch {
  const [batch, ...more] = encodeBatches(records, { codec, maxBytes: 64 << 20 });
  if (batch === undefined || more.length > 0) throw new Error("these records are not one batch");
  return batch;
}

/** A batch as it comes from the source; with `edits`, as a filter leaves it. */
function partOf(batch: RecordBatch, edits: readonly (Replace | Drop | null)[] | null = null): MirrorPart {
  const edited = edits === null ? null : { records: [...rawRecords(batch)], edits };
  return { batch, nextOffset: batch.lastOffset + 1, edited };
}

/** The batch with other attributes, offsets or times, and the CRC that belongs to it. */
function rewritten(batch: RecordBatch, change: (bytes: Buffer) => void): RecordBatch {
  const copy = Buffer.from(batch.bytes);
  change(copy);
  copy.writeUInt32BE(crc32c(copy.subarray(LAYOUT.attributes)), LAYOUT.crc);
  return new RecordBatch(copy);
}

/** What compaction makes of a batch: the offsets of the records that are left, and the header as it was. */
function compacted(batch: RecordBatch, deltas: readonly number[], lastOffsetDelta: number): RecordBatch {
  return rewritten(batch, (copy) => {
    copy.writeInt32BE(lastOffsetDelta, LAYOUT.lastOffsetDelta);
    // Of records this small everything before the offset takes one byte each, and so does the offset.
    let at: number = LAYOUT.records;
    for (const delta of deltas) {
      copy[at + 3] = 2 * delta;
      at += 1 + (copy[at] ?? 0) / 2;
    }
  });
}

const decoded = (batches: Iterable<RecordBatch>) => [...batches].flatMap((batch) => decodeRecords(batch));
const offsets = (batches: Iterable<RecordBatch>) =>
  [...batches].map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset]);

describe("what no filter has changed", () => {
  test("goes as it is", () => {
    const batch = batchOf(range(100, 5), "zstd");
    expect([...packed(partOf(batch), { ...ANY, from: 100 })]).toEqual([batch]);
    expect([...packed(partOf(batch), ANY)][0]).toBe(batch);
  });

  test("is nothing where a batch has no records for committed readers", () => {
    expect([...packed({ batch: null, nextOffset: 10, edited: null }, ANY)]).toEqual([]);
  });

  test("is nothing where the mirror has it already", () => {
    expect([...packed(partOf(batchOf(range(100, 5))), { ...ANY, from: 105 })]).toEqual([]);
  });

  test.each(CODECS)("begins at the record that is next, compressed as it was: %s", (codec) => {
    const records = range(100, 500);
    const batches = [...packed(partOf(batchOf(records, codec)), { ...ANY, from: 203, codec: "gzip" })];
    expect(decoded(batches)).toEqual(records.slice(103));
    expect(batches.map((batch) => batch.codec)).toEqual([codec]);
  });

  test("is split where the destination takes no batch as large", () => {
    const records = range(100, 500);
    const batches = [...packed(partOf(batchOf(records)), { ...ANY, maxBatchBytes: 2000 })];
    expect(decoded(batches)).toEqual(records);
    expect(Math.max(...batches.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(2000);
    expect(batches.length).toBeLessThan(10);
  });

  test("is refused where the destination takes no record as large, which is named", () => {
    const batch = batchOf([record(100), record(101, { value: Buffer.alloc(5000, 1) }), record(102)]);
    const error = thrownBy(() => [...packed(partOf(batch), { ...ANY, maxBatchBytes: 2000 })]);
    expect(error).toMatchObject({ code: "record-too-large", retriable: false, facts: { offset: 101 } });
    expect(error.message).toContain("raise its max.message.bytes");
  });

  test("is packed into runs where compaction has left holes, also at the end", () => {
    const batch = compacted(batchOf(range(100, 4)), [1, 2, 5, 7], 9);
    const batches = [...packed(partOf(batch), ANY)];
    expect(offsets(batches)).toEqual([
      [101, 102],
      [105, 105],
      [107, 107],
    ]);
    expect(decoded(batches).map(({ value }) => String(value))).toEqual([100, 101, 102, 103].map((i) => `value ${i}`));
    expect(batches.every(({ forwardable }) => forwardable)).toBe(true);
  });

  test("has the times at which brokers took it as times of its own", () => {
    const batch = rewritten(batchOf(range(100, 3), "lz4"), (copy) => {
      copy.writeInt16BE(copy.readInt16BE(LAYOUT.attributes) | 0x08, LAYOUT.attributes);
      copy.writeBigInt64BE(BigInt(NOW + 5000), LAYOUT.maxTimestamp);
    });
    const batches = [...packed(partOf(batch), ANY)];
    expect(batches.map(({ logAppendTime }) => logAppendTime)).toEqual([false]);
    expect(decoded(batches)).toEqual(range(100, 3).map((each) => ({ ...each, timestamp: NOW + 5000 })));
  });
});

describe("what filters have changed", () => {
  test("leaves holes where records are dropped, and the others as they are", () => {
    const records = range(100, 6);
    const part = partOf(batchOf(records), [drop, null, null, drop, null, drop]);
    const batches = [...packed(part, ANY)];
    expect(offsets(batches)).toEqual([
      [101, 102],
      [104, 104],
    ]);
    expect(decoded(batches)).toEqual([1, 2, 4].map((i) => records[i] as DecodedRecord));
  });

  test("is nothing where all records are dropped", () => {
    expect([...packed(partOf(batchOf(range(100, 3)), [drop, drop, drop]), ANY)]).toEqual([]);
  });

  test("has what was replaced and all else of a record", () => {
    const headers = [
      { name: "trace", value: bytes("1") },
      { name: "trace", value: null },
    ];
    const records = range(100, 5).map((each) => ({ ...each, key: bytes("key"), headers }));
    const other = [{ name: "other", value: bytes("2") }];
    const edits = [
      replace({ value: bytes("new") }, []),
      replace({ value: null }, []),
      replace({ key: null }, []),
      replace({ headers: other }, []),
      replace({ key: bytes(""), value: bytes(""), headers: [] }, []),
    ];
    const expected = [
      { value: bytes("new") },
      { value: null },
      { key: null },
      { headers: other },
      { key: bytes(""), value: bytes(""), headers: [] },
    ];
    expect(decoded(packed(partOf(batchOf(records), edits), ANY))).toEqual(
      records.map((each, i) => ({ ...each, ...expected[i] })),
    );
  });

  test("keeps a header name that is no text in a record that stays beside one that changes", () => {
    const name = Buffer.from([0xff, 0xfe]);
    const batch = rewritten(batchOf([record(100, { headers: [{ name: "ab", value: null }] }), record(101)]), (copy) => {
      copy.set(name, copy.indexOf("ab"));
    });
    const [again] = [...packed(partOf(batch, [null, replace({ value: null }, [])]), ANY)];
    expect(again?.bytes.includes(name)).toBe(true);
  });

  test.each(CODECS)("is compressed as it was or as the destination is to be written to: %s", (codec) => {
    const part = partOf(batchOf(range(100, 100), codec), [drop, ...new Array(99).fill(null)]);
    expect([...packed(part, ANY)].map((batch) => batch.codec)).toEqual([codec]);
    expect([...packed(part, { ...ANY, codec: "gzip" })].map((batch) => batch.codec)).toEqual(["gzip"]);
  });

  test("is refused where a record has become larger than what the destination takes", () => {
    const part = partOf(batchOf(range(100, 3)), [null, replace({ value: Buffer.alloc(3000, 1) }, []), null]);
    const error = thrownBy(() => [...packed(part, { ...ANY, maxBatchBytes: 2000 })]);
    expect(error).toMatchObject({ code: "record-too-large", facts: { offset: 101 } });
  });
});

const content = fc.option(fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)));
const edit = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(drop) },
  { weight: 1, arbitrary: content.map((value) => replace({ value }, [])) },
);
const records = fc.array(fc.record({ key: content, value: content, edit }), { minLength: 1, maxLength: 40 });
const limit = fc.option(fc.integer({ min: 250, max: 1000 }));

test("whatever the filters, the limit and the offset to go on at, batches hold what is left at its offsets", () => {
  fc.assert(
    fc.property(
      records,
      fc.constantFrom(...CODECS),
      limit,
      fc.nat({ max: 45 }),
      fc.boolean(),
      (list, codec, maxBatchBytes, skip, filtered) => {
        const before = list.map(({ key, value }, i) => record(5_000_000_000 + i, { key, value }));
        const edits = list.map((each) => (filtered ? each.edit : null));
        const from = 5_000_000_000 + skip;
        const part = partOf(batchOf(before, codec), filtered ? edits : null);
        const batches = [...packed(part, { from, maxBatchBytes, codec: null })];
        const expected = before.flatMap((each, i) => {
          const verdict = edits[i] ?? null;
          if (each.offset < from || verdict?.verb === "drop") return [];
          return verdict?.value === undefined ? [each] : [{ ...each, value: verdict.value }];
        });
        expect(decoded(batches)).toEqual(expected);
        expect(batches.every(({ forwardable, intact }) => forwardable && intact)).toBe(true);
        expect(batches.every(({ byteLength }) => byteLength <= (maxBatchBytes ?? Infinity))).toBe(true);
      },
    ),
  );
});

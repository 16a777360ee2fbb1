import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CODECS } from "../../src/wire/compression.ts";
import { crc32c } from "../../src/wire/crc32c.ts";
import { decodeBody, decodeRecords, rawRecords } from "../../src/wire/decode-records.ts";
import { RecordBatch } from "../../src/wire/record-batch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { mutated } from "../support/mutated.ts";
import * as reference from "../support/record-batch.ts";
import { outcomeOf, thrownBy } from "../support/thrown-by.ts";

const NOW = Date.now();
const RECORDS: readonly reference.TestRecord[] = [
  { key: "k", value: "v", timestamp: NOW },
  { key: null, value: null, timestamp: NOW - 5 },
  {
    key: "",
    value: "",
    headers: [
      ["n", null],
      ["n", ""],
      ["ä", new Uint8Array([0, 255])],
    ],
    timestamp: NOW + 7_000_000_000,
  },
  { key: "k".repeat(300), value: "v".repeat(70_000), timestamp: 0 },
];

/** Makes the CRC right again after a change. */
function resealed(bytes: Buffer): RecordBatch {
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
  return new RecordBatch(bytes);
}

describe.each([...CODECS])("compression %s", (codec) => {
  const bytes = reference.encodeBatch(RECORDS, codec, null);
  bytes.writeBigInt64BE(41n, 0);

  test("records are what was written", () => {
    const expected = reference.decodeRecords("t", 0, bytes).map(({ topic: _, partition: __, ...record }) => record);
    expect(decodeRecords(new RecordBatch(bytes))).toEqual(expected);
  });

  test("a batch changed anywhere behind its CRC is refused", () => {
    fc.assert(
      fc.property(fc.integer({ min: 21, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(thrownBy(() => decodeRecords(new RecordBatch(changed))).code).toBe("kafka");
      }),
    );
  });

  test("a corrupt batch with a right CRC is refused, or yields records in its own offsets", () => {
    fc.assert(
      fc.property(mutated([bytes]), (changed) => {
        for (const [batch] of [outcomeOf(() => [...splitBatches(changed)])].filter(Array.isArray)) {
          if (batch?.magic !== 2) continue;
          const records = outcomeOf(() => decodeRecords(resealed(batch.bytes)));
          if (!Array.isArray(records)) continue;
          expect(records.length).toBe(batch.count);
          for (const { offset } of records) expect(offset).toBeWithin(batch.baseOffset, batch.lastOffset + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("append time is the time of every record", () => {
  const bytes = reference.encodeBatch(RECORDS, "none", null);
  bytes.writeInt16BE(0x08, 21);
  bytes.writeBigInt64BE(123n, 35);
  expect(decodeRecords(resealed(bytes)).map(({ timestamp }) => timestamp)).toEqual([123, 123, 123, 123]);
});

test("a body is what follows the offset, and decodes by itself", () => {
  const batch = new RecordBatch(reference.encodeBatch(RECORDS, "none", null));
  const content = rawRecords(batch)
    .map(({ body }) => decodeBody(body))
    .toArray();
  const expected = decodeRecords(batch).map(({ key, value, headers }) => ({ key, value, headers }));
  expect(content).toEqual(expected);
});

test("a batch that unpacks to more than allowed is refused", () => {
  const batch = new RecordBatch(reference.encodeBatch([{ value: Buffer.alloc(5_000_000) }], "zstd", null));
  expect(thrownBy(() => decodeRecords(batch, { maxBytes: 1_000_000 })).code).toBe("record-too-large");
});

test("a batch that claims 2^31 - 1 records is refused when they end", () => {
  const bytes = reference.encodeBatch([{ value: "a" }], "none", null);
  bytes.writeInt32BE(0x7fffffff, 57);
  bytes.writeInt32BE(0x7ffffffe, 23);
  expect(thrownBy(() => decodeRecords(resealed(bytes))).message).toBe("a record ends in the middle of a value");
});

test("bytes behind the last record are refused", () => {
  const bytes = Buffer.concat([reference.encodeBatch([{ value: "a" }], "none", null), Buffer.alloc(1)]);
  bytes.writeBigInt64BE(17n, 0);
  expect(thrownBy(() => decodeRecords(resealed(bytes)))).toMatchObject({
    message: "the record batch at offset 17 is corrupt: bytes follow its last record",
    facts: { offset: 17 },
  });
});

test.each([
  ["goes on behind its headers", [1, 1, 0, 0]],
  ["has a negative number of headers", [1, 1, 1]],
  ["ends in the middle of a value", [1, 200, 1, 0]],
  ["ends in the middle of a value", [1, 1, 2, 1, 1]],
])("a body that %s is refused", (problem, body) => {
  expect(thrownBy(() => decodeBody(Buffer.from(body))).message).toBe(`a record ${problem}`);
});

test("a body of anything at all is decoded or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
      outcomeOf(() => decodeBody(Buffer.from(body)));
    }),
    { numRuns: 3000 },
  );
});

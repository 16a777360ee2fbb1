import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Difference } from "../../src/model/verification.ts";
import { type ComparedRecord, comparePartition } from "../../src/verify/compare-partition.ts";
import type { DecodedRecord } from "../../src/wire/decode-records.ts";
import { bytes, partition, raw, record, side } from "./sides.ts";

/** Compares all that both have. */
function compare(ours: readonly ComparedRecord[], theirs: readonly ComparedRecord[], options = {}) {
  const to = Math.max(...[...ours, ...theirs].map(({ offset }) => offset), -1) + 1;
  return comparePartition(side(ours), side(theirs, { listLength: 2 }), { from: 0, to, compacted: false, ...options });
}

/** One way for a copy of records to be wrong, at the record with this index. */
type Mutation = (records: DecodedRecord[], index: number) => Difference["kind"];

const replaceAt = (records: DecodedRecord[], index: number, change: (of: DecodedRecord) => Partial<DecodedRecord>) => {
  const before = records[index] as DecodedRecord;
  records[index] = { ...before, ...change(before) };
};
/** Other content than before; absent becomes empty and the other way round. */
const other = (content: Uint8Array | null) =>
  content === null ? bytes("") : content.length === 0 ? null : Buffer.from(content).fill((content[0] ?? 0) ^ 1);

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "another key": (records, index) => {
    replaceAt(records, index, ({ key }) => ({ key: other(key) }));
    return "key";
  },
  "another value": (records, index) => {
    replaceAt(records, index, ({ value }) => ({ value: other(value) }));
    return "value";
  },
  "one header more": (records, index) => {
    replaceAt(records, index, ({ headers }) => ({ headers: [...headers, { name: "", value: null }] }));
    return "headers";
  },
  "another value of a header": (records, index) => {
    replaceAt(records, index, ({ headers: [first = { name: "a", value: null }, ...rest] }) => ({
      headers: [{ name: first.name, value: other(first.value) }, ...rest],
    }));
    return "headers";
  },
  "another timestamp": (records, index) => {
    replaceAt(records, index, ({ timestamp }) => ({ timestamp: timestamp + 1 }));
    return "timestamp";
  },
  "a record less": (records, index) => {
    records.splice(index, 1);
    return "missing";
  },
};

describe("comparePartition", () => {
  test("a copy is clean, however both are handed out, and has the same digest", async () => {
    await fc.assert(
      fc.asyncProperty(partition, fc.integer({ min: 1, max: 5 }), async (records, listLength) => {
        const to = (records.at(-1)?.offset ?? 0) + 1;
        const [ours, theirs] = [side(records.map(raw)), side(records.map(raw), { listLength })];
        const found = await comparePartition(ours, theirs, { from: 0, to, compacted: false });
        expect(found).toMatchObject({ records: records.length, differences: 0, firstDifferences: [], compacted: 0 });
        expect(found.destinationDigest).toBe(found.sourceDigest);
      }),
    );
  });

  test.each(Object.entries(MUTATIONS))("a copy with %s is found, and where", async (_name, mutate) => {
    await fc.assert(
      fc.asyncProperty(partition, fc.nat(), async (records, at) => {
        const copy = [...records];
        const index = at % records.length;
        const kind = mutate(copy, index);
        const found = await compare(records.map(raw), copy.map(raw));
        expect(found.firstDifferences).toEqual([{ offset: records[index]?.offset as number, kind }]);
        expect(found.differences).toBe(1);
        expect(found.destinationDigest).not.toBe(found.sourceDigest);
      }),
    );
  });

  test("a record that only the destination has is found, in a hole as well as at the end", async () => {
    await fc.assert(
      fc.asyncProperty(partition, fc.nat(), async (records, at) => {
        const removed = at % records.length;
        const source = records.toSpliced(removed, 1);
        const found = await compare(source.map(raw), records.map(raw));
        const offset = records[removed]?.offset as number;
        expect(found).toMatchObject({ differences: 1, firstDifferences: [{ offset, kind: "unexpected" }] });
        expect(found.destinationDigest).not.toBe(found.sourceDigest);
      }),
    );
  });

  test("each part of a record that differs is told", async () => {
    const foreign = record(0, { timestamp: 1, key: bytes("k"), value: null, headers: [{ name: "h", value: null }] });
    const found = await compare([raw(record(0))], [raw(foreign)]);
    expect(found.firstDifferences.map(({ kind }) => kind)).toEqual(["timestamp", "key", "value", "headers"]);
    expect(found.differences).toBe(4);
  });

  test("content that moves from one part to the next is found", async () => {
    const ours = record(0, { key: bytes("ab"), value: bytes("c") });
    const theirs = record(0, { key: bytes("a"), value: bytes("bc") });
    const found = await compare([raw(ours)], [raw(theirs)]);
    expect(found.firstDifferences.map(({ kind }) => kind)).toEqual(["key", "value"]);
    expect(found.destinationDigest).not.toBe(found.sourceDigest);
  });

  test("header names that are not UTF-8 are told apart", async () => {
    const named = (byte: number) => {
      const { body, ...rest } = raw(record(0, { key: null, value: null, headers: [{ name: "?", value: null }] }));
      return { ...rest, body: Buffer.from(body.map((each) => (each === 0x3f ? byte : each))) };
    };
    const found = await compare([named(0xfe)], [named(0xff)]);
    expect(found.firstDifferences).toEqual([{ offset: 0, kind: "headers" }]);
  });

  test("a record the filters withhold must not be there", async () => {
    const withheld = (offset: number) => ({ ...raw(record(offset)), withheld: true as const });
    const found = await compare([withheld(0), withheld(1), raw(record(2))], [raw(record(1)), raw(record(2))]);
    expect(found).toMatchObject({ records: 1, differences: 1, firstDifferences: [{ offset: 1, kind: "unexpected" }] });
    expect(found.destinationDigest).not.toBe(found.sourceDigest);
  });

  test("withheld records leave the digest as it is without them", async () => {
    const found = await compare([{ ...raw(record(0)), withheld: true }, raw(record(1))], [raw(record(1))]);
    expect(found).toMatchObject({ records: 1, differences: 0 });
    expect(found.destinationDigest).toBe(found.sourceDigest);
  });

  test("only the range is compared", async () => {
    const ours = [0, 1, 2, 3].map((offset) => raw(record(offset)));
    const theirs = [raw(record(1)), raw(record(2))];
    expect(await compare(ours, theirs, { from: 1, to: 3 })).toMatchObject({ records: 2, differences: 0 });
  });

  test("of many differences the first are told and all counted", async () => {
    const ours = Array.from({ length: 100 }, (_, offset) => raw(record(offset)));
    const found = await compare(ours, []);
    expect(found.differences).toBe(100);
    expect(found.firstDifferences.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("records larger than what is hashed at a time are in the digest", async () => {
    const large = (last: string) => [
      raw(record(0)),
      raw(record(1, { value: bytes("x".repeat(200_000) + last) })),
      raw(record(2)),
    ];
    const same = await compare(large("a"), large("a"));
    expect(same.destinationDigest).toBe(same.sourceDigest);
    const different = await compare(large("a"), large("b"));
    expect(different.destinationDigest).not.toBe(different.sourceDigest);
  });

  test("the digest can be made by others: offset, timestamp, length, then the record as Kafka encodes it", async () => {
    const [one] = [raw(record(7, { timestamp: 9, key: bytes("k"), value: null }))];
    // Key of one byte, no value, no headers; lengths are zigzag varints.
    const encoded = "0000000000000007 0000000000000009 00000004 026b0100".replaceAll(" ", "");
    const expected = createHash("sha256").update(Buffer.from(encoded, "hex")).digest("hex");
    expect((await compare([one], [one])).destinationDigest).toBe(expected);
  });

  test("says how far it is", async () => {
    const reached: number[] = [];
    const records = [0, 1, 2, 3, 4].map((offset) => raw(record(offset)));
    await compare(records, records, { reached: (offset: number) => reached.push(offset) });
    expect(reached).toEqual([2, 3, 4, 5]);
  });
});

/** Comparing logs that a cleaner was at, each at its own time. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { comparePartition } from "../../src/verify/compare-partition.ts";
import type { DecodedRecord } from "../../src/wire/decode-records.ts";
import { bytes, raw, record, side } from "./sides.ts";

/** A log as written: an upper-case letter is a record of that key, a lower-case one its tombstone, a dot no record. */
function written(keys: string): DecodedRecord[] {
  return [...keys].flatMap((letter, offset) => {
    if (letter === ".") return [];
    const value = letter === letter.toLowerCase() ? null : bytes(`${offset}`);
    return [record(offset, { key: bytes(letter.toUpperCase()), value })];
  });
}

interface Cleaning {
  /** The cleaner was at everything before this offset. */
  readonly before: number;
  /** It was there again after delete.retention.ms: tombstones before this offset are gone as well. */
  readonly tombstonesBefore: number;
}

/** What Kafka's cleaner leaves: of each key the last record, of tombstones none in the end. */
function cleaned(records: readonly DecodedRecord[], { before, tombstonesBefore }: Cleaning): DecodedRecord[] {
  const last = new Map<string, number>();
  for (const { key, offset } of records) if (offset < before) last.set(String(key), offset);
  return records.filter(({ key, value, offset }) => {
    if (offset >= before) return true;
    return last.get(String(key)) === offset && !(value === null && offset < tombstonesBefore);
  });
}

interface Sides {
  readonly ours: readonly DecodedRecord[];
  readonly theirs: readonly DecodedRecord[];
  readonly ourEnd: number;
  readonly theirEnd: number;
}

function compare(
  { ours, theirs, ourEnd, theirEnd }: Sides,
  options: { from?: number; to?: number; maxMissingKeys?: number } = {},
) {
  const to = Math.min(ourEnd, theirEnd);
  return comparePartition(
    side(ours.map(raw), { end: ourEnd }),
    side(theirs.map(raw), { end: theirEnd, listLength: 2 }),
    {
      from: 0,
      to,
      compacted: true,
      ...options,
    },
  );
}

/** Both sides as letters, as they are after cleaning; a side ends where its letters do. */
const compareLetters = (ours: string, theirs: string, options = {}) =>
  compare({ ours: written(ours), theirs: written(theirs), ourEnd: ours.length, theirEnd: theirs.length }, options);

const letters = fc.string({ unit: fc.constantFrom("A", "B", "C", "D", "a", "b", "c"), minLength: 1, maxLength: 30 });
const cleaning = fc.record({ before: fc.nat({ max: 30 }), tombstonesBefore: fc.constantFrom(0, 30) });
const histories = fc.record({
  log: letters,
  lag: fc.nat({ max: 10 }),
  ours: cleaning,
  theirs: cleaning,
  from: fc.nat({ max: 30 }),
  to: fc.nat({ max: 30 }),
  maxMissingKeys: fc.integer({ min: 1, max: 4 }),
});

/**
 * The mirror has not all that was written, and each side was cleaned at some time. Tombstones were kept at the source until
 * the mirror had them: one that it never saw leaves it with what the source has not any more, which is a difference.
 */
function sidesOf({ log, lag, ours, theirs }: { log: string; lag: number; ours: Cleaning; theirs: Cleaning }): Sides {
  const theirEnd = Math.max(0, log.length - lag);
  return {
    ours: cleaned(written(log), { ...ours, tombstonesBefore: Math.min(ours.tombstonesBefore, theirEnd) }),
    theirs: cleaned(written(log.slice(0, theirEnd)), theirs),
    ourEnd: log.length,
    theirEnd,
  };
}

describe("comparePartition of a compacted topic", () => {
  test("a copy is clean whenever either side was cleaned, in any range, however little is remembered", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ from, to, maxMissingKeys, ...history }) => {
        const sides = sidesOf(history);
        const end = Math.min(sides.ourEnd, sides.theirEnd, to);
        const found = await compare(sides, { from: Math.min(from, end), to: end, maxMissingKeys });
        expect(found).toMatchObject({ differences: 0, firstDifferences: [] });
        expect(found.destinationDigest).toBe(found.sourceDigest);
      }),
      { numRuns: 1000 },
    );
  });

  test("another value is found whenever either side was cleaned", async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async ({ maxMissingKeys, ...history }, at) => {
        const sides = sidesOf(history);
        const both = sides.theirs.filter(({ offset }) => sides.ours.some((each) => each.offset === offset));
        fc.pre(both.length > 0);
        const { offset } = both[at % both.length] as DecodedRecord;
        const theirs = sides.theirs.map((each) => (each.offset === offset ? { ...each, value: bytes("other") } : each));
        const found = await compare({ ...sides, theirs }, { maxMissingKeys });
        expect(found).toMatchObject({ differences: 1, firstDifferences: [{ offset, kind: "value" }] });
        expect(found.destinationDigest).not.toBe(found.sourceDigest);
      }),
    );
  });

  test("a lost key is found whenever either side was cleaned", async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.boolean(), async ({ maxMissingKeys, ...history }, atSource) => {
        const sides = sidesOf({ ...history, log: `E${history.log}`, lag: 0 });
        const without = (records: readonly DecodedRecord[]) => records.filter(({ key }) => String(key) !== "E");
        const lossy = atSource ? { ...sides, ours: without(sides.ours) } : { ...sides, theirs: without(sides.theirs) };
        const found = await compare(lossy, { maxMissingKeys });
        const kind = atSource ? "unexpected" : "missing";
        expect(found).toMatchObject({ differences: 1, firstDifferences: [{ offset: 0, kind }] });
        expect(found.destinationDigest).not.toBe(found.sourceDigest);
      }),
    );
  });

  test.each<[string, string, string, number]>([
    ["a later record of the key", "A.B", "..B", 1],
    ["a later record of the key at the source", "..B", "A.B", 1],
    ["nothing", "AB", ".B", 1],
  ])(
    "what only one side has is a difference if no later record explains it (%s)",
    async (_title, ours, theirs, count) => {
      expect(await compareLetters(ours, theirs)).toMatchObject({ differences: count, compacted: 0 });
    },
  );

  test.each<[string, string, string, number]>([
    ["by a later record of the key", "ABA", ".BA", 1],
    ["by a later record of the key, at the source", ".BA", "ABA", 1],
    ["several times", "AABA", "..BA", 2],
    ["as a tombstone", "Ba", "B.", 1],
    ["by a tombstone that is gone as well", "ABa", ".B.", 2],
    ["by a record behind the range that both have", ".BCA", "ABC", 1],
  ])("compaction is counted, explained %s", async (_title, ours, theirs, compacted) => {
    expect(await compareLetters(ours, theirs)).toMatchObject({ differences: 0, compacted });
  });

  test("records that are not there any more are looked up behind the range where it was narrowed", async () => {
    expect(await compareLetters("ABCA", ".BCA", { to: 2 })).toMatchObject({ records: 1, differences: 0, compacted: 1 });
  });

  test("a tombstone behind the end of the mirror explains nothing there", async () => {
    expect(await compareLetters("ABa", ".B")).toMatchObject({ differences: 1, compacted: 0 });
  });

  test("what the source deleted before the mirror saw the tombstone is a difference", async () => {
    const found = await compare({ ours: written("A"), theirs: written("AB"), ourEnd: 3, theirEnd: 2 });
    expect(found).toMatchObject({ differences: 1, firstDifferences: [{ offset: 1, kind: "unexpected" }] });
  });

  test("what is behind the end of the source is a difference, also a tombstone", async () => {
    expect(await compareLetters("A", "ABb", { to: 3 })).toMatchObject({ differences: 2, compacted: 0 });
  });

  test("records without a key are never explained", async () => {
    const [ours, theirs] = [[record(0), record(1)], [record(1)]];
    const found = await compare({ ours, theirs, ourEnd: 2, theirEnd: 2 });
    expect(found).toMatchObject({ differences: 1, firstDifferences: [{ offset: 0, kind: "missing" }], compacted: 0 });
  });

  test("what a filter withholds explains what is gone at the source, and must itself not be there", async () => {
    const [first, second] = written("AA").map(raw);
    const withheld = { ...second!, withheld: true as const };
    const options = { from: 0, to: 2, compacted: true };
    const alone = await comparePartition(side([withheld]), side([first!], { end: 2 }), options);
    expect(alone).toMatchObject({ differences: 0, compacted: 1 });
    const both = await comparePartition(side([withheld]), side([first!, second!]), options);
    expect(both).toMatchObject({ differences: 1, firstDifferences: [{ offset: 1, kind: "unexpected" }] });
  });
});

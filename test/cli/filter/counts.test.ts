import { expect, test } from "bun:test";
import { type Counts, countsText } from "../../../src/cli/filter/counts.ts";

const NONE: Counts = { read: 0, kept: 0, replaced: 0, dropped: 0, failed: 0, changed: {}, monitored: {} };

test.each<[Partial<Counts>, string]>([
  [{}, "no records to put through the filters"],
  [{ read: 1, kept: 1 }, "1 record: 1 kept, 0 replaced, 0 dropped, 0 failed"],
  [{ read: 2, dropped: 1, failed: 1 }, "2 records: 0 kept, 0 replaced, 1 dropped, 1 failed"],
])("%j are counted in a sentence", (counts, expected) => {
  expect(countsText({ ...NONE, ...counts })).toBe(expected);
});

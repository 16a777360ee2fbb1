/** Which records are the newest, on logs with holes; on real ones in preview.test.ts. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { newestRecords, type ReadableCluster } from "../../src/preview/newest-records.ts";

/** No key, no value, no headers (Kafka's documentation, "Record"). */
const EMPTY = Buffer.from([1, 1, 0]);

/** The offsets that have a record, and where the log ends. */
interface Log {
  readonly offsets: readonly number[];
  readonly end: number;
}

class Logs implements ReadableCluster {
  readonly #logs: readonly Log[];
  /** Records that were read, and how many times over. */
  recordsRead = 0;

  constructor(logs: readonly Log[]) {
    this.#logs = logs;
  }

  async ranges() {
    return new Map(this.#logs.map(({ end }, partition) => [partition, { start: 0, end }]));
  }

  async *read(_topic: string, partition: number, from: number, to: number) {
    const found = (this.#logs[partition]?.offsets ?? []).filter((offset) => offset >= from && offset < to);
    this.recordsRead += found.length;
    for (let at = 0; at < found.length; at += 3) {
      yield found.slice(at, at + 3).map((offset) => ({ offset, timestamp: 1, body: EMPTY }));
    }
  }
}

const places = async (logs: readonly Log[], count: number) =>
  (await newestRecords(new Logs(logs), "t", count)).map(({ partition, offset }) => [partition, offset]);

const full = (end: number): Log => ({ offsets: Array.from({ length: end }, (_, offset) => offset), end });

describe("newestRecords", () => {
  test("takes the same number from each partition, in order", async () => {
    expect(await places([full(100), full(50)], 4)).toEqual([
      [0, 98],
      [0, 99],
      [1, 48],
      [1, 49],
    ]);
  });

  test("takes more of the others where one has too few", async () => {
    expect(await places([full(1), { offsets: [], end: 0 }, full(9)], 4)).toEqual([
      [0, 0],
      [2, 6],
      [2, 7],
      [2, 8],
    ]);
  });

  test("looks behind a long hole at the end", async () => {
    expect(await places([{ offsets: [3, 5], end: 1_000_000 }], 1)).toEqual([[0, 5]]);
  });

  test("does not read a log whole for a few records", async () => {
    const logs = new Logs([full(100_000)]);
    await newestRecords(logs, "t", 10);
    expect(logs.recordsRead).toBe(10);
  });

  test("has no record twice, as many as asked for, and of each partition the newest", async () => {
    const log = fc
      .tuple(fc.uniqueArray(fc.nat({ max: 300 }), { maxLength: 40 }), fc.nat({ max: 100 }))
      .map(([offsets, hole]): Log => {
        const sorted = offsets.toSorted((a, b) => a - b);
        return { offsets: sorted, end: (sorted.at(-1) ?? -1) + 1 + hole };
      });
    await fc.assert(
      fc.asyncProperty(fc.array(log, { maxLength: 6 }), fc.integer({ min: 1, max: 30 }), async (logs, count) => {
        const found = await places(logs, count);
        const all = logs.reduce((sum, { offsets }) => sum + offsets.length, 0);
        expect(found).toHaveLength(Math.min(count, all));
        const taken = logs.map((_, partition) => found.filter(([of]) => of === partition).map(([, offset]) => offset));
        for (const [partition, offsets] of taken.entries()) {
          const { length } = offsets;
          expect(offsets).toEqual(logs[partition]?.offsets.slice(-length || Infinity) ?? []);
        }
        // A partition gives more than another only where that one has no more.
        const most = Math.max(0, ...taken.map(({ length }) => length));
        for (const [partition, { length }] of taken.entries()) {
          expect(length >= most - 1 || length === logs[partition]?.offsets.length).toBe(true);
        }
      }),
    );
  });
});

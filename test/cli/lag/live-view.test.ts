import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { after, type LiveModel, NOTHING_HEARD } from "../../../src/cli/lag/live-model.ts";
import { liveLines } from "../../../src/cli/lag/live-view.ts";
import { COLOURED, PLAIN } from "../../../src/cli/paint.ts";
import type { LinkLag, PartitionLag } from "../../../src/control/lag.ts";

function partition(number: number, changes: Partial<PartitionLag> = {}): PartitionLag {
  return {
    mapping: "orders",
    topic: "orders",
    partition: number,
    destinationTopic: "orders",
    state: "running",
    reason: null,
    sourceStartOffset: 0,
    sourceEndOffset: 1000,
    nextOffset: 1000,
    lagRecords: 0,
    lagMs: 0,
    recordsPerSecond: 0,
    bytesPerSecond: 0,
    ...changes,
  };
}

function lagOf(link: string, partitions: readonly PartitionLag[], reason: string | null = null): LinkLag {
  const total = { lagRecords: partitions.reduce((sum, { lagRecords }) => sum + (lagRecords ?? 0), 0), lagMs: 0 };
  return { link, at: "2026-11-22T08:00:00.000Z", reason, partitions: [...partitions], total };
}

function heard(...lags: readonly LinkLag[]): LiveModel {
  return lags.reduce((model, lag) => after(model, { type: "lag", lag }, {}, 0), NOTHING_HEARD);
}

const FRAME = { columns: 100, rows: 30, paint: PLAIN, url: "http://127.0.0.1:7070", now: 0 };

describe("the picture", () => {
  test("has the link, its partitions with the most lag first, and the total", () => {
    const partitions = [
      partition(0),
      partition(1, { lagRecords: 800, nextOffset: 200, lagMs: 1500, state: "seeding", reason: "20 % of its log" }),
      partition(2, {
        lagRecords: 400,
        nextOffset: 600,
        lagMs: 90,
        recordsPerSecond: 1234.5,
        bytesPerSecond: 2_500_000,
      }),
    ];
    const state = { link: "eu-to-us", state: "running", reason: null };
    const model = after(
      after(NOTHING_HEARD, { type: "state", state }, {}, 0),
      { type: "lag", lag: lagOf("eu-to-us", partitions) },
      {},
      0,
    );
    expect(liveLines(model, FRAME)).toEqual([
      "strait lag --watch   http://127.0.0.1:7070   1970-01-01 00:00:00 UTC   Ctrl-C ends it",
      "",
      "eu-to-us running: 1,200 records behind, the oldest 0 ms old",
      "",
      "PARTITION  STATE        LAG    AGE  COPIED  RECORDS/S  BYTES/S",
      `orders/1   seeding      800  1.5 s    20 %          0      0 B  ${"█".repeat(36)}`,
      "  20 % of its log",
      `orders/2   running      400  90 ms    60 %      1,235   2.5 MB  ${"█".repeat(18)}`,
      "orders/0   running        0   0 ms   100 %          0      0 B",
      "",
      "total: 1,200 records behind, the oldest 0 ms old, 1,235 records/s, 2.5 MB/s",
    ]);
  });

  test("shows what is not known first, and never as 0", () => {
    const unknown = partition(7, { lagRecords: null, lagMs: null, state: "retrying", reason: "no answer" });
    const lines = liveLines(heard(lagOf("l", [partition(0, { lagRecords: 5, nextOffset: 995 }), unknown])), FRAME);
    const [first] = lines.filter((line) => line.startsWith("orders/"));
    expect(first?.replaceAll(/ +/g, " ")).toBe("orders/7 retrying - - - 0 0 B");
  });

  test("says once what several partitions have in common", () => {
    const failed = { state: "failed", reason: "the disk is full", lagRecords: 1 } as const;
    const lines = liveLines(heard(lagOf("l", [partition(0, failed), partition(1, failed)])), FRAME);
    expect(lines.filter((line) => line.includes("the disk is full"))).toHaveLength(1);
  });

  test("puts links that do not run before others, and says how many are left out", () => {
    let model = heard(...Array.from({ length: 20 }, (_, index) => lagOf(`link-${index}`, [partition(0)])));
    for (let index = 0; index < 20; index++) {
      const state = { link: `link-${index}`, state: index === 13 ? "failed" : "running", reason: null };
      model = after(model, { type: "state", state }, {}, 0);
    }
    const lines = liveLines(model, { ...FRAME, rows: 24 });
    expect(lines[2]).toStartWith("link-13 failed");
    expect(lines.some((line) => /^… and \d+ links more$/.test(line))).toBe(true);
    expect(lines.some((line) => /^… and \d+ partitions that are less behind$/.test(line))).toBe(true);
  });

  test("keeps to the terminal whatever there is to show, and the words of others do not steer it", () => {
    const name = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
    const lag = fc.option(fc.nat(1e9));
    const words = fc.option(fc.string({ unit: "grapheme", maxLength: 200 }));
    const one = fc.record({ topic: name, partition: fc.nat(300), lag, words });
    const link = fc.record({ name, partitions: fc.array(one, { maxLength: 40 }), words });
    fc.assert(
      fc.property(
        fc.array(link, { maxLength: 12 }),
        fc.integer({ min: 40, max: 200 }),
        fc.integer({ min: 8, max: 60 }),
        (links, columns, rows) => {
          const model = heard(
            ...links.map((each) =>
              lagOf(
                each.name,
                each.partitions.map(({ topic, partition: number, lag: lagRecords, words: reason }) =>
                  partition(number, { topic, lagRecords, reason }),
                ),
                each.words,
              ),
            ),
          );
          const lines = liveLines(model, { ...FRAME, columns, rows, paint: COLOURED });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) {
            const plain = Bun.stripANSI(line);
            expect([...plain].length).toBeLessThanOrEqual(columns);
            expect(plain).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });
});

describe("what is known", () => {
  test("a link that is not heard of any more is forgotten, but not because we did not listen", () => {
    const lag = (link: string) => ({ type: "lag", lag: lagOf(link, []) }) as const;
    let model = after(after(NOTHING_HEARD, lag("a"), {}, 0), lag("b"), {}, 0);
    model = after(model, { type: "disconnected", reason: "gone" }, {}, 1_000);
    expect(model.disconnected).toBe("gone");
    model = after(model, { type: "connected" }, {}, 60_000);
    model = after(model, lag("a"), {}, 60_100);
    expect([...model.links.keys()]).toEqual(["a", "b"]);
    expect(model.disconnected).toBeNull();
    model = after(model, lag("a"), {}, 66_000);
    expect([...model.links.keys()]).toEqual(["a"]);
  });

  test("only what is in scope is kept, with a total of its own", () => {
    const lag = lagOf("a", [partition(0, { lagRecords: 3 }), partition(1, { lagRecords: 4 })]);
    const scope = { link: "a", partition: 1 };
    const model = after(
      after(NOTHING_HEARD, { type: "lag", lag }, scope, 0),
      { type: "lag", lag: lagOf("b", []) },
      scope,
      0,
    );
    expect([...model.links.values()].map((each) => each.lag.total.lagRecords)).toEqual([4]);
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import {
  beginChain,
  type ChainState,
  chainTo,
  closeRange,
  type EvidenceRange,
  FIRST_HASH,
} from "../../src/model/evidence-chain.ts";
import { decodeEvidence, encodeEvidence } from "../../src/model/evidence-topic.ts";

const SUBJECT = { link: "eu-to-us", mapping: "orders", topic: "orders", partition: 3, destinationTopic: "eu.orders" };
const NOW = new Date("2026-11-25T12:00:00Z");

/** Ranges that end at the given offsets, one after the other. */
function chainOf(ends: readonly number[], from = 0): { ranges: EvidenceRange[]; state: ChainState } {
  const ranges: EvidenceRange[] = [];
  let state = beginChain(from, "some filters", NOW);
  for (const to of ends) {
    const { range, next } = closeRange(SUBJECT, state, {
      to,
      uncounted: 0,
      totals: { ...NO_EVIDENCE, read: to, kept: to },
      now: NOW,
    });
    ranges.push(range);
    state = next;
  }
  return { ranges, state };
}

/** As they come back from the topic. */
function stored(ranges: readonly EvidenceRange[]): EvidenceRange[] {
  return ranges.map((range) => {
    const entry = decodeEvidence(encodeEvidence({ kind: "range", ...range }).value);
    if (entry?.kind !== "range") throw new Error("no range came back");
    const { kind: _, ...content } = entry;
    return content;
  });
}

describe("a chain of evidence", () => {
  test("is whole after having been stored, in any order and with strangers between", () => {
    const other = chainOf([7, 9]).ranges;
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000_000), { minLength: 1, maxLength: 20 }), fc.nat(), (numbers, turn) => {
        const { ranges, state } = chainOf(numbers.toSorted((a, b) => a - b));
        const found = stored([...ranges, ...other]);
        const turned = [...found.slice(turn % found.length), ...found.slice(0, turn % found.length)];
        expect(chainTo(state.head, turned)).toEqual({ ranges, problem: null });
      }),
    );
  });

  test("of nothing is empty and whole", () => {
    expect(chainTo(FIRST_HASH, [])).toEqual({ ranges: [], problem: null });
  });

  test("shows a range that is missing", () => {
    const { ranges, state } = chainOf([10, 20, 30]);
    const { ranges: left, problem } = chainTo(
      state.head,
      ranges.filter(({ sequence }) => sequence !== 2),
    );
    expect(left.map(({ sequence }) => sequence)).toEqual([3]);
    expect(problem).toBe(`the range before number 3 is missing (hash ${ranges[1]?.hash})`);
  });

  test("shows any change to a range", () => {
    const { ranges, state } = chainOf([10, 20, 30]);
    const changes: Partial<EvidenceRange>[] = [
      { from: 9 },
      { to: 21 },
      { totals: { ...NO_EVIDENCE, read: 20, kept: 19, replaced: 1 } },
      { filterDigest: "others" },
      { until: "2026-11-25T12:00:01Z" },
      { previousHash: FIRST_HASH },
      { partition: 4 },
    ];
    for (const change of changes) {
      const changed = ranges.map((range) => (range.sequence === 2 ? { ...range, ...change } : range));
      expect(chainTo(state.head, changed).problem).toBe("the range before number 3 is not what was written");
    }
  });

  test("leaves out a range that ended elsewhere before a crash", () => {
    const { ranges, state } = chainOf([10, 20]);
    const lost = closeRange(
      SUBJECT,
      { ...state, sequence: 2, from: 10, head: ranges[0]?.hash ?? "" },
      {
        to: 17,
        uncounted: 0,
        totals: NO_EVIDENCE,
        now: NOW,
      },
    ).range;
    expect(chainTo(state.head, [lost, ...ranges])).toEqual({ ranges, problem: null });
  });
});

test("what is no entry is not taken for one", () => {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  for (const value of [null, new Uint8Array([0xff]), bytes([]), bytes({ kind: "range" }), bytes({ kind: "filters" })]) {
    expect(decodeEvidence(value)).toBeNull();
  }
});

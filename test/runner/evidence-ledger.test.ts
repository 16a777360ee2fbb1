import { describe, expect, test } from "bun:test";
import { StraitError } from "../../src/model/errors.ts";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { type ChainState, chainTo, type EvidenceRange, type FilterSet } from "../../src/model/evidence-chain.ts";
import { EvidenceLedger, type EvidenceLedgerOptions } from "../../src/runner/evidence-ledger.ts";
import { failureOf } from "../support/failure-of.ts";

const SUBJECT = { link: "eu-to-us", mapping: "orders", topic: "orders", partition: 0, destinationTopic: "orders" };
const filters = (digest: string): FilterSet => ({ digest, filters: [{ use: "redact", policy: null }], policies: [] });

/** A store that keeps what it is given, unless it is told to fail. */
function store() {
  const kept = { ranges: [] as EvidenceRange[], filters: [] as string[], fails: false };
  const check = () => {
    if (kept.fails) throw new StraitError("cluster-unreachable", "the broker is away");
  };
  return {
    kept,
    store: {
      addFilters: async ({ digest }: FilterSet) => {
        check();
        kept.filters.push(digest);
      },
      addRange: async (range: EvidenceRange) => {
        check();
        kept.ranges.push(range);
      },
    },
  };
}

function open(options: Partial<EvidenceLedgerOptions> & Pick<EvidenceLedgerOptions, "store">): Promise<EvidenceLedger> {
  const start = { known: null, counted: 100, totals: NO_EVIDENCE, next: 100 };
  return EvidenceLedger.open({ subject: SUBJECT, filters: filters("a"), ...start, ...options });
}

const acknowledgement = (nextOffset: number, read: number) => ({
  nextOffset,
  records: read,
  bytes: 0,
  evidence: { ...NO_EVIDENCE, read, kept: read },
  ages: [],
});

/** Lets what was begun come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the ledger of a partition", () => {
  test("begins where the partition does and says which filters are at work", async () => {
    const { kept, store: to } = store();
    const ledger = await open({ store: to });
    expect(ledger.state).toMatchObject({ sequence: 1, from: 100, filtersFrom: 100, filterDigest: "a" });
    expect(kept).toMatchObject({ filters: ["a"], ranges: [] });
  });

  test("goes on as it was after a restart with the same filters, and writes nothing", async () => {
    const { kept, store: to } = store();
    const known = (await open({ store: store().store })).state;
    const ledger = await open({ store: to, known, counted: 170, next: 170 });
    expect(ledger.state).toEqual(known);
    expect(kept).toMatchObject({ filters: [], ranges: [] });
  });

  test("ends the range where the filters change", async () => {
    const { kept, store: to } = store();
    const known = (await open({ store: to })).state;
    const totals = { ...NO_EVIDENCE, read: 70, kept: 70 };
    const ledger = await open({ store: to, known, counted: 170, next: 170, totals, filters: filters("b") });
    expect(kept.filters).toEqual(["a", "b"]);
    expect(kept.ranges).toMatchObject([{ sequence: 1, from: 100, to: 170, filterDigest: "a", totals }]);
    expect(ledger.state).toMatchObject({ sequence: 2, from: 170, filtersFrom: 170, filterDigest: "b" });
    expect(chainTo(ledger.state.head, kept.ranges).problem).toBeNull();
  });

  test("counts nothing for filters that did not see it, and says how much that is", async () => {
    const { kept, store: to } = store();
    const known = (await open({ store: to })).state;
    const ledger = await open({ store: to, known, counted: 150, next: 170, filters: filters("b") });
    expect(kept.ranges).toMatchObject([{ from: 100, to: 170, uncounted: 20 }]);
    expect(ledger.countFrom).toBe(170);
    const same = await open({ store: to, known, counted: 150, next: 170 });
    expect(same.countFrom).toBe(150);
  });

  test("does not open where that cannot be written", async () => {
    const { kept, store: to } = store();
    const known = (await open({ store: to })).state;
    kept.fails = true;
    const error = await failureOf(open({ store: to, known, counted: 170, next: 170, filters: filters("b") }));
    expect(error.message).toBe("the broker is away");
  });

  test("ends ranges by their length, each with the counts up to its end", async () => {
    const { kept, store: to } = store();
    const ledger = await open({ store: to, maxOffsets: 50 });
    for (const [offset, read] of [
      [140, 40],
      [150, 9],
      [160, 10],
      [220, 60],
    ] as const) {
      ledger.acknowledged(acknowledgement(offset, read));
      await settled();
    }
    expect(kept.ranges.map(({ from, to: end, totals }) => [from, end, totals.read])).toEqual([
      [100, 150, 49],
      [150, 220, 119],
    ]);
    expect(ledger.state).toMatchObject({ sequence: 3, from: 220, filtersFrom: 100 });
  });

  test("ends ranges by their age, and not before anything was copied", async () => {
    const { kept, store: to } = store();
    const ledger = await open({ store: to, maxAgeMs: 0 });
    ledger.acknowledged(acknowledgement(100, 0));
    ledger.acknowledged(acknowledgement(101, 1));
    await settled();
    expect(kept.ranges).toMatchObject([{ from: 100, to: 101 }]);
  });

  test("a range that cannot be written goes on, and that is said", async () => {
    const { kept, store: to } = store();
    const ledger = await open({ store: to, maxOffsets: 50 });
    const before: ChainState = ledger.state;
    kept.fails = true;
    ledger.acknowledged(acknowledgement(160, 60));
    await settled();
    expect(ledger.state).toEqual(before);
    expect(ledger.problem).toBe("the evidence up to offset 160 could not be written: the broker is away");
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { addEvidence, decodeEvidence, encodeEvidence, NO_EVIDENCE } from "../../src/model/evidence.ts";
import type { Evidence } from "../../src/model/status.ts";

const count = fc.nat({ max: 2 ** 40 });
const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).map((text) => `$.${text}`);
const counts = fc.dictionary(name, count, { maxKeys: 5 });
const evidence: fc.Arbitrary<Evidence> = fc.record({
  read: count,
  kept: count,
  replaced: count,
  changed: fc.dictionary(name, counts, { maxKeys: 4 }),
  dropped: counts,
  quarantined: count,
  expired: count,
});

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;
/** Counts under many long names, `bytes` of names in all. */
const manyNames = (bytes: number) =>
  Object.fromEntries(Array.from({ length: bytes / 100 }, (_, i) => [`${i}`.padStart(100, "ü"), 2]));

describe("addEvidence", () => {
  test("does not depend on order or grouping", () => {
    fc.assert(
      fc.property(evidence, evidence, evidence, (a, b, c) => {
        expect(addEvidence(a, b)).toEqual(addEvidence(b, a));
        expect(addEvidence(addEvidence(a, b), c)).toEqual(addEvidence(a, addEvidence(b, c)));
      }),
    );
  });

  test("nothing added changes nothing", () => {
    fc.assert(
      fc.property(evidence, (a) => {
        expect(addEvidence(a, NO_EVIDENCE)).toEqual(a);
        expect(addEvidence(NO_EVIDENCE, a)).toEqual(a);
        expect(addEvidence({ ...NO_EVIDENCE }, a)).toEqual(a);
      }),
    );
  });

  test("adds the counts of a path that both have, and keeps those of one", () => {
    const a = { ...NO_EVIDENCE, read: 1, changed: { redact: { "$.a": 1, "$.b": 2 } }, dropped: { x: 1 } };
    const b = { ...NO_EVIDENCE, read: 2, changed: { redact: { "$.b": 3 }, other: { "$.c": 4 } }, dropped: { x: 5 } };
    expect(addEvidence(a, b)).toEqual({
      ...NO_EVIDENCE,
      read: 3,
      changed: { redact: { "$.a": 1, "$.b": 5 }, other: { "$.c": 4 } },
      dropped: { x: 6 },
    });
  });
});

describe("encodeEvidence", () => {
  test("what fits is read back as it was", () => {
    fc.assert(
      fc.property(evidence, (a) => {
        fc.pre(bytesOf(JSON.stringify({ v: 1, evidence: a })) <= 4096);
        expect(decodeEvidence(encodeEvidence(a))).toEqual(a);
      }),
    );
  });

  test("never is longer than brokers take by default, whatever the names", () => {
    const long = fc.dictionary(fc.string({ maxLength: 300, unit: "grapheme" }), count, { maxKeys: 40 });
    const lengthy = fc.record({ ...recordOf(), changed: fc.dictionary(fc.string(), long), dropped: long });
    fc.assert(
      fc.property(lengthy, (a) => {
        expect(bytesOf(encodeEvidence(a))).toBeLessThanOrEqual(4096);
        const { changed: _c, dropped: _d, ...totals } = a;
        expect(decodeEvidence(encodeEvidence(a))).toMatchObject(totals);
      }),
    );
  });

  test("leaves out the counts by path where they do not fit, and nothing else", () => {
    const long = { ...NO_EVIDENCE, read: 7, replaced: 7, dropped: { x: 1 }, changed: { redact: manyNames(5000) } };
    expect(decodeEvidence(encodeEvidence(long))).toEqual({ ...long, changed: {} });
  });

  test("adds up the counts by filter where even they do not fit", () => {
    const long = { ...NO_EVIDENCE, read: 7, dropped: manyNames(5000) };
    expect(decodeEvidence(encodeEvidence(long))).toEqual({ ...NO_EVIDENCE, read: 7, dropped: { "all filters": 100 } });
  });

  function recordOf() {
    return { read: count, kept: count, replaced: count, quarantined: count, expired: count };
  }
});

describe("decodeEvidence", () => {
  test("anything else is not taken for evidence", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(decodeEvidence(text)).toBeNull()));
  });

  test.each([
    ["another version", { v: 2, evidence: NO_EVIDENCE }],
    ["a count missing", { v: 1, evidence: { ...NO_EVIDENCE, read: undefined } }],
    ["a count that is none", { v: 1, evidence: { ...NO_EVIDENCE, kept: 0.5 } }],
    ["counts by path that are none", { v: 1, evidence: { ...NO_EVIDENCE, changed: { redact: { "$.a": "1" } } } }],
    ["a list for counts by filter", { v: 1, evidence: { ...NO_EVIDENCE, dropped: [] } }],
  ])("%s is not taken for evidence", (_, value) => {
    expect(decodeEvidence(JSON.stringify(value))).toBeNull();
  });
});

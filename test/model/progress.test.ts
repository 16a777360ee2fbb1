import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NO_EVIDENCE } from "../../src/model/evidence.ts";
import { decodeNote, encodeNote } from "../../src/model/progress.ts";
import type { Evidence } from "../../src/model/status.ts";
import { count, evidence } from "./any-evidence.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength;
/** Counts under many long names, `bytes` of names in all. */
const manyNames = (bytes: number) =>
  Object.fromEntries(Array.from({ length: bytes / 100 }, (_, i) => [`${i}`.padStart(100, "ü"), 2]));

const note = (of: Evidence) =>
  encodeNote({ mode: "append", source: "orders", sourceId: null, start: null, evidence: of, chain: null });

describe("encodeNote", () => {
  test("what fits is read back as it was", () => {
    fc.assert(
      fc.property(evidence, (a) => {
        fc.pre(
          bytesOf(
            JSON.stringify({ v: 1, mode: "append", source: "orders", sourceId: null, start: null, evidence: a }),
          ) <= 4096,
        );
        expect(decodeNote(note(a))?.evidence).toEqual(a);
      }),
    );
  });

  test("never is longer than brokers take by default, whatever the names", () => {
    const long = fc.dictionary(fc.string({ maxLength: 300, unit: "grapheme" }), count, { maxKeys: 40 });
    const lengthy = fc.record({
      ...recordOf(),
      changed: fc.dictionary(fc.string(), long),
      dropped: long,
      monitored: fc.constant({}),
    });
    fc.assert(
      fc.property(lengthy, (a) => {
        expect(bytesOf(note(a))).toBeLessThanOrEqual(4096);
        const { changed: _c, dropped: _d, ...totals } = a;
        expect(decodeNote(note(a))?.evidence).toMatchObject(totals);
      }),
    );
  });

  test("leaves out the counts by path where they do not fit, and nothing else", () => {
    const long = { ...NO_EVIDENCE, read: 7, replaced: 7, dropped: { x: 1 }, changed: { redact: manyNames(5000) } };
    expect(decodeNote(note(long))?.evidence).toEqual({ ...long, changed: {} });
  });

  test("adds up the counts by filter where even they do not fit", () => {
    const long = { ...NO_EVIDENCE, read: 7, dropped: manyNames(5000) };
    expect(decodeNote(note(long))?.evidence).toEqual({ ...NO_EVIDENCE, read: 7, dropped: { "all filters": 100 } });
  });

  function recordOf() {
    return { read: count, kept: count, replaced: count, quarantined: count, expired: count };
  }
});

describe("decodeNote", () => {
  test("anything else is not taken for a note", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(decodeNote(text)).toBeNull()));
  });

  test.each([
    ["another version", { v: 2, source: "orders", evidence: NO_EVIDENCE }],
    ["no source topic", { v: 1, evidence: NO_EVIDENCE }],
    ["a count missing", { v: 1, source: "orders", evidence: { ...NO_EVIDENCE, read: undefined } }],
    ["a count that is none", { v: 1, source: "orders", evidence: { ...NO_EVIDENCE, kept: 0.5 } }],
    [
      "counts by path that are none",
      { v: 1, source: "orders", evidence: { ...NO_EVIDENCE, changed: { redact: { "$.a": "1" } } } },
    ],
    ["a list for counts by filter", { v: 1, source: "orders", evidence: { ...NO_EVIDENCE, dropped: [] } }],
  ])("%s is not taken for a note", (_, value) => {
    expect(decodeNote(JSON.stringify(value))).toBeNull();
  });
});

test("a note says which source topic its offset is of", () => {
  expect(decodeNote(note(NO_EVIDENCE))?.source).toBe("orders");
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { addEvidence, NO_EVIDENCE } from "../../src/model/evidence.ts";
import { evidence } from "./any-evidence.ts";

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

  test("counts paths named like what every object has", () => {
    const named = (count: number) => ({
      ...NO_EVIDENCE,
      dropped: { constructor: count, toString: count },
    });
    expect(addEvidence(named(1), named(2))).toEqual(named(3));
  });
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { Differences } from "../../src/verify/differences.ts";

test("keeps the first by offset and counts all, in whatever order they become known", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 60 }), (offsets) => {
      const differences = new Differences();
      for (const offset of offsets) differences.add(offset, "value");
      const first = offsets.toSorted((a, b) => a - b).slice(0, 20);
      expect(differences.count).toBe(offsets.length);
      expect(differences.first).toEqual(first.map((offset) => ({ offset, kind: "value" })));
    }),
  );
});

test("counts those of which only some offsets are known", () => {
  const differences = new Differences();
  differences.addMany([3, 5], 7, "missing");
  expect([differences.count, differences.first.map(({ offset }) => offset)]).toEqual([7, [3, 5]]);
});

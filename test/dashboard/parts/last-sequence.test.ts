import { expect, test } from "bun:test";
import fc from "fast-check";
import { lastSequence } from "../../../src/dashboard/client/parts/last-sequence.js";

test("the end of a log of any length is found in few requests", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (length) => {
      let requests = 0;
      const entriesAfter = async (after: number, limit: number) => {
        requests++;
        const count = Math.max(0, Math.min(limit, length - after));
        return Array.from({ length: count }, (_, index) => ({ sequence: after + index + 1 }));
      };
      expect(await lastSequence(entriesAfter)).toBe(length);
      expect(requests).toBeLessThan(40);
    }),
  );
});

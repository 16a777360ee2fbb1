import { expect, test } from "bun:test";
import { backoffMs } from "../../src/runner/backoff.ts";

test("doubles from 0.2 s with each failure, up to 5 s", () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => backoffMs(failures, () => 0));
  expect(delays).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

test("is shorter by up to a fifth, so that partitions do not come back all at once", () => {
  expect(backoffMs(1, () => 0.5)).toBe(180);
  expect(backoffMs(1, () => 1)).toBe(160);
});

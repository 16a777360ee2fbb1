import { expect, test } from "bun:test";
import { RoundTrip, stretch } from "../../src/wire/distance.ts";

test.each([
  [0, 1],
  [2, 1],
  [16, 1],
  [80, 5],
  [120, 7.5],
  [2000, 8],
])("a round trip of %d ms is a reason to have %d times as much under way", (milliseconds, times) => {
  expect(stretch(milliseconds)).toBe(times);
});

test("the shortest time counts, and none at first", () => {
  const roundTrip = new RoundTrip();
  expect(roundTrip.ms).toBe(0);
  roundTrip.answered(performance.now() - 500);
  expect(roundTrip.ms).toBeGreaterThanOrEqual(500);
  roundTrip.answered(performance.now() - 100);
  const shorter = roundTrip.ms;
  expect(shorter).toBeGreaterThanOrEqual(100);
  roundTrip.answered(performance.now() - 1000);
  expect(roundTrip.ms).toBe(shorter);
});

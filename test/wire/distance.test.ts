import { describe, expect, test } from "bun:test";
import { mostStretch, RoundTrip, Stretch } from "../../src/wire/distance.ts";

test.each([
  [0, 1],
  [2, 1],
  [16, 1],
  [80, 5],
  [120, 7.5],
  [2000, 8],
])("a round trip of %d ms is a reason to have %d times as much under way", (milliseconds, times) => {
  expect(mostStretch(milliseconds)).toBe(times);
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

describe("what is under way", () => {
  const roundTripOf = (milliseconds: number) => {
    const roundTrip = new RoundTrip();
    roundTrip.answered(performance.now() - milliseconds);
    return roundTrip;
  };

  test("grows with answers that come soon, as far as the distance is a reason to", () => {
    const roundTrip = roundTripOf(1000);
    const stretch = new Stretch();
    expect(stretch.times).toBe(1);
    stretch.answered(roundTrip, 1100, 1);
    expect(stretch.times).toBe(2);
    for (let i = 0; i < 100; i++) stretch.answered(roundTrip, 1100, 0.5);
    expect(stretch.times).toBe(8);
  });

  test("halves with each answer that comes late, down to what a near broker gets", () => {
    const roundTrip = roundTripOf(1000);
    const stretch = new Stretch();
    for (let i = 0; i < 100; i++) stretch.answered(roundTrip, 1100, 1);
    const after = [1, 2, 3, 4].map(() => {
      stretch.answered(roundTrip, 10_000, 1);
      return stretch.times;
    });
    expect(after).toEqual([4, 2, 1, 1]);
  });

  test("is always the same with a near broker", () => {
    const roundTrip = roundTripOf(1);
    const stretch = new Stretch();
    for (const tookMs of [1, 2, 1000]) stretch.answered(roundTrip, tookMs, 1);
    expect(stretch.times).toBe(1);
  });
});

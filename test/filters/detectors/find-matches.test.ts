import { describe, expect, test } from "bun:test";
import { builtInDetectors } from "../../../filters/detectors/built-in.ts";
import type { TextDetector } from "../../../filters/detectors/detector.ts";
import { matchFinder } from "../../../filters/detectors/find-matches.ts";

/** Finds what lies at given places, whatever the text. */
function fixed(...places: readonly (readonly [start: number, end: number])[]): TextDetector {
  return {
    kind: "text",
    name: "fixed",
    description: "What it is told.",
    needs: { length: 1, digits: 0, sign: "" },
    find(_text, found) {
      for (const [start, end] of places) found(start, end);
    },
  };
}

function settled(...detectors: readonly TextDetector[]): (readonly [start: number, end: number, detector: number])[] {
  return matchFinder(detectors)
    .find("x".repeat(100))
    .map(({ start, end, detector }) => [start, end, detector]);
}

describe("where matches overlap", () => {
  test("the longest counts, and hides what lies in it", () => {
    expect(settled(fixed([2, 5]), fixed([0, 10]), fixed([7, 10]))).toEqual([[0, 10, 1]]);
    expect(settled(fixed([2, 4]), fixed([0, 10]))).toEqual([[0, 10, 1]]);
  });

  test("of those as long the one of the first detector counts", () => {
    expect(settled(fixed([3, 8]), fixed([3, 8]))).toEqual([[3, 8, 0]]);
    expect(settled(fixed([3, 8]), fixed([0, 5]))).toEqual([
      [0, 3, 1],
      [3, 8, 0],
    ]);
  });

  test("of those of one detector the first counts", () => {
    expect(settled(fixed([3, 8], [0, 5]))).toEqual([
      [0, 5, 0],
      [5, 8, 0],
    ]);
  });

  test("what lies outside of the longest is a match of its own", () => {
    expect(settled(fixed([0, 4], [8, 12]), fixed([3, 9]))).toEqual([
      [0, 3, 0],
      [3, 9, 1],
      [9, 12, 0],
    ]);
    expect(settled(fixed([0, 20]), fixed([5, 40], [60, 90]), fixed([15, 70]))).toEqual([
      [0, 5, 0],
      [5, 15, 1],
      [15, 70, 2],
      [70, 90, 1],
    ]);
  });

  test("those that only touch all count, from left to right", () => {
    expect(settled(fixed([4, 6]), fixed([0, 4], [6, 7]))).toEqual([
      [0, 4, 1],
      [4, 6, 0],
      [6, 7, 1],
    ]);
  });
});

test("the surest reading of one number counts", () => {
  const names = (text: string): string[] =>
    matchFinder(builtInDetectors)
      .find(text)
      .map(({ detector }) => builtInDetectors[detector]!.name);
  // Its groups could be a telephone number as well.
  expect(names("DE89 3704 0044 0532 0130 00")).toEqual(["iban"]);
  expect(names("::ffff:192.0.2.1")).toEqual(["ipv6"]);
  expect(names("02070803628")).toEqual(["pl-pesel"]);
  expect(names("612 345 678")).toEqual(["phone"]);
  // The first number takes as many digits as it may; the rest of the second one is not left.
  expect(names("+49 170 1234567 612 345 678")).toEqual(["phone", "phone"]);
});

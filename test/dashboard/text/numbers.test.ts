import { expect, test } from "bun:test";
import { byteRate, count, duration, rate, shortCount } from "../../../src/dashboard/client/text/numbers.js";

test("what is not known is never a number", () => {
  expect([count(null), shortCount(undefined), duration(null)]).toEqual(["unknown", "unknown", "unknown"]);
});

test.each<[number, string]>([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [59_940, "59.9 s"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h"],
  [50 * 3_600_000, "2 d 2 h"],
])("%d ms are %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test("numbers are grouped, and short where there is no room", () => {
  expect([count(1_234_567), shortCount(9_999), shortCount(1_234_567)]).toEqual(["1,234,567", "9,999", "1.2M"]);
});

test("rates have units", () => {
  expect([rate(12.34), rate(2_500), byteRate(999), byteRate(1_500_000)]).toEqual([
    "12.3 rec/s",
    "2,500 rec/s",
    "999 B/s",
    "1.5 MB/s",
  ]);
});

import { expect, test } from "bun:test";
import { LATENCY_BUCKETS_SECONDS } from "../../src/model/status.ts";
import { Latency } from "../../src/runner/latency.ts";

const NOW = 1_800_000_000_000;

/** The bucket that one record of this age is counted in. */
function bucketOf(ageMs: number): number {
  const latency = new Latency();
  latency.record([{ timestamp: NOW - ageMs, records: 1 }], NOW);
  return latency.histogram.counts.indexOf(1);
}

test("an age that is a bound counts below it, one millisecond more above", () => {
  for (const [index, bound] of LATENCY_BUCKETS_SECONDS.entries()) {
    expect(bucketOf(bound * 1000)).toBe(index);
    expect(bucketOf(bound * 1000 + 1)).toBe(index + 1);
  }
});

test("a record from the future counts as new", () => {
  const latency = new Latency();
  latency.record([{ timestamp: NOW + 5000, records: 3 }], NOW);
  expect(latency.histogram.counts[0]).toBe(3);
  expect(latency.histogram.sumSeconds).toBe(0);
});

test("counts all records of a batch with the age of its first", () => {
  const latency = new Latency();
  latency.record([{ timestamp: NOW - 1000, records: 10 }], NOW);
  latency.record([{ timestamp: NOW - 4000, records: 5 }], NOW);
  const { counts, sumSeconds } = latency.histogram;
  expect(counts[LATENCY_BUCKETS_SECONDS.indexOf(1)]).toBe(10);
  expect(counts[LATENCY_BUCKETS_SECONDS.indexOf(5)]).toBe(5);
  expect(sumSeconds).toBe(30);
});

test("a histogram that was handed out does not change any more", () => {
  const latency = new Latency();
  const before = latency.histogram;
  latency.record([{ timestamp: NOW, records: 1 }], NOW);
  expect(before.counts[0]).toBe(0);
});

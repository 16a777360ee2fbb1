import { describe, expect, test } from "bun:test";
import type { LinkSnapshot } from "../../src/control/supervised-link.ts";
import { Throughput } from "../../src/control/throughput.ts";

function snapshot(statusAt: number, records: number, pid = 1): LinkSnapshot {
  const partition = { mapping: "orders", partition: 0, records, bytes: records * 10 };
  return {
    link: { name: "l" },
    statusPid: pid,
    statusAt,
    status: { partitions: [partition] },
  } as unknown as LinkSnapshot;
}

describe("Throughput", () => {
  test("is a mean over the last ten seconds", () => {
    const throughput = new Throughput();
    for (let second = 0; second <= 20; second++) throughput.observe(snapshot(second * 1_000, second * 100));
    expect(throughput.rates("l", "orders", 0, 20_000)).toEqual({ recordsPerSecond: 100, bytesPerSecond: 1_000 });
  });

  test("falls to zero when nothing comes any more", () => {
    const throughput = new Throughput();
    throughput.observe(snapshot(0, 0));
    throughput.observe(snapshot(1_000, 500));
    expect(throughput.rates("l", "orders", 0, 60_000)).toEqual({ recordsPerSecond: 0, bytesPerSecond: 0 });
  });

  test("a new runner's counters add to those of the one before", () => {
    const throughput = new Throughput();
    throughput.observe(snapshot(1_000, 500, 1));
    throughput.observe(snapshot(2_000, 20, 2));
    throughput.observe(snapshot(3_000, 700, 2));
    expect(throughput.totals("l", "orders")).toEqual({ records: 1_200, bytes: 12_000 });
    expect(throughput.rates("l", "orders", 0, 3_000).recordsPerSecond).toBeGreaterThan(0);
  });

  test("the same status twice counts once", () => {
    const throughput = new Throughput();
    throughput.observe(snapshot(1_000, 500));
    throughput.observe(snapshot(1_000, 500));
    expect(throughput.totals("l", "orders").records).toBe(500);
  });

  test("an unknown partition has no rate, and a deleted link is forgotten", () => {
    const throughput = new Throughput();
    throughput.observe(snapshot(1_000, 500));
    throughput.keepOnly(new Set());
    expect(throughput.totals("l", "orders").records).toBe(0);
    expect(throughput.rates("l", "orders", 0, 1_000).recordsPerSecond).toBe(0);
  });
});

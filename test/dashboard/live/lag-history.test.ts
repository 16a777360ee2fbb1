import { expect, test } from "bun:test";
import type { LinkLag, PartitionLag } from "../../../src/control/lag.ts";
import { LagHistory, mappingKey, partitionKey, WHOLE } from "../../../src/dashboard/client/live/lag-history.js";

function partition(number: number, lagRecords: number | null, lagMs: number | null = 0): PartitionLag {
  return {
    mapping: "orders",
    topic: "orders",
    partition: number,
    destinationTopic: "orders",
    state: "running",
    reason: null,
    sourceStartOffset: 0,
    sourceEndOffset: 0,
    nextOffset: 0,
    lagRecords,
    lagMs,
    recordsPerSecond: 2,
    bytesPerSecond: 0,
  };
}

function lag(...partitions: PartitionLag[]): LinkLag {
  const records = partitions.map(({ lagRecords }) => lagRecords);
  const total = records.includes(null) ? null : records.reduce<number>((sum, each) => sum + Number(each), 0);
  return {
    link: "l",
    at: "",
    reason: null,
    partitions,
    total: { lagRecords: total, lagMs: total === null ? null : 5 },
  };
}

test("keeps what was seen, by the second it was seen at", () => {
  const history = new LagHistory();
  history.record(lag(partition(0, 3)), 10_000);
  history.record(lag(partition(0, 1)), 11_000);
  expect(history.data([WHOLE], "records")).toEqual([
    [10, 11],
    [3, 1],
  ]);
});

test("has a gap where nothing was seen for a while", () => {
  const history = new LagHistory();
  history.record(lag(partition(0, 3)), 10_000);
  history.record(lag(partition(0, 0)), 30_000);
  const [times, values] = history.data([WHOLE], "records");
  expect(values).toEqual([3, null, 0]);
  expect(times[1]).toBeWithin(10, 30);
});

test("keeps mappings and partitions once they are asked for, unknown before", () => {
  const history = new LagHistory();
  history.record(lag(partition(0, 3)), 10_000);
  history.keepDetails();
  history.record(lag(partition(0, 2), partition(1, 5)), 11_000);
  const [, mapping, one] = history.data([mappingKey("orders"), partitionKey("orders", 1)], "records");
  expect([mapping, one]).toEqual([
    [null, 7],
    [null, 5],
  ]);
});

test("a mapping is unknown as soon as one of its partitions is, and as old as its oldest", () => {
  const history = new LagHistory();
  history.keepDetails();
  history.record(lag(partition(0, 2, 10), partition(1, null, 30)), 10_000);
  expect(history.data([mappingKey("orders")], "records")[1]).toEqual([null]);
  expect(history.data([mappingKey("orders")], "ms")[1]).toEqual([30]);
  expect(history.data([mappingKey("orders")], "rate")[1]).toEqual([4]);
});

test("a partition that is no longer there has a gap from then on", () => {
  const history = new LagHistory();
  history.keepDetails();
  history.record(lag(partition(0, 2), partition(1, 5)), 10_000);
  history.record(lag(partition(0, 1)), 11_000);
  expect(history.data([partitionKey("orders", 1)], "records")[1]).toEqual([5, null]);
});

test("does not grow without end, and all columns stay of one length", () => {
  const history = new LagHistory();
  history.keepDetails();
  for (let second = 0; second < 5_000; second++) history.record(lag(partition(0, second)), second * 1_000);
  const [times, whole, one] = history.data([WHOLE, partitionKey("orders", 0)], "records");
  expect(times.length).toBeLessThan(2_000);
  expect(times.length).toBeGreaterThanOrEqual(1_800);
  expect([whole?.length, one?.length]).toEqual([times.length, times.length]);
  expect([times.at(-1), whole?.at(-1)]).toEqual([4_999, 4_999]);
});

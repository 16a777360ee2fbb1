import { describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { MappingInput } from "../../src/config/resource-inputs.ts";
import type { Link } from "../../src/config/resources.ts";
import { linkLag, NOTHING_OBSERVED, type Observation } from "../../src/control/lag.ts";
import type { LinkSnapshot } from "../../src/control/supervised-link.ts";
import type { PartitionStatus } from "../../src/model/status.ts";
import { partitionStatus } from "../support/partition-status.ts";

const NOW = 1_800_000_000_000;
const SEEN: Observation = {
  ...NOTHING_OBSERVED,
  sourceAt: NOW,
  offsets: new Map([["orders", new Map([[0, { start: 100, end: 1_200 }]])]]),
};

function link(input: Partial<MappingInput> = {}): Link {
  const mappings = [completeMapping({ source: "orders", mode: "append", ...input })];
  return { name: "l", source: "east", destination: "west", paused: false, mappings };
}

function snapshot(
  of: Link,
  partition: Partial<PartitionStatus> | null,
  changes: Partial<LinkSnapshot> = {},
): LinkSnapshot {
  const status = partitionStatus({ nextOffset: 1_180, oldestPendingTimestamp: NOW - 35, ...partition });
  const partitions = partition === null ? [] : [status];
  return {
    link: of,
    state: "running",
    reason: null,
    status: { at: NOW, waitingFor: null, partitions, latency: {}, filterDigests: {}, residentBytes: 0 },
    statusAt: NOW,
    statusPid: 1,
    pid: 1,
    restarts: 0,
    ...changes,
  };
}

function committed(offset: number | null): Pick<Observation, "committed"> {
  return { committed: new Map([["l/orders", new Map([[0, offset === null ? null : { offset, metadata: null }]])]]) };
}

function lagOf(of: Link, current: LinkSnapshot, observation: Observation) {
  const rates = () => ({ recordsPerSecond: 950.249, bytesPerSecond: 1 });
  return linkLag(of, current, observation, rates, NOW);
}

describe("linkLag", () => {
  test("is what the runner and the source say", () => {
    const lag = lagOf(link(), snapshot(link(), {}), SEEN);
    expect(lag).toEqual({
      link: "l",
      at: new Date(NOW).toISOString(),
      reason: null,
      partitions: [
        {
          mapping: "orders",
          topic: "orders",
          partition: 0,
          destinationTopic: "orders",
          state: "running",
          reason: null,
          sourceStartOffset: 100,
          sourceEndOffset: 1_200,
          nextOffset: 1_180,
          lagRecords: 20,
          lagMs: 35,
          recordsPerSecond: 950.2,
          bytesPerSecond: 1,
        },
      ],
      total: { lagRecords: 20, lagMs: 35 },
    });
  });

  const down = { pid: null, state: "failed", reason: "it crashed" } as const;
  const silent = { statusAt: NOW - 60_000 };
  const aged = { timestamps: new Map([["orders", new Map([[0, { offset: 1_000, timestamp: NOW - 5_000 }]])]]) };
  test.each<[string, Link, LinkSnapshot, Observation, Record<string, unknown>]>([
    [
      "zero at the end",
      link(),
      snapshot(link(), { nextOffset: 1_200, oldestPendingTimestamp: null }),
      SEEN,
      { lagRecords: 0, lagMs: 0 },
    ],
    [
      "zero when the runner is ahead of what was polled",
      link(),
      snapshot(link(), { nextOffset: 1_300 }),
      SEEN,
      { lagRecords: 0, lagMs: 0 },
    ],
    [
      "counted from the start when older records expired",
      link(),
      snapshot(link(), { nextOffset: 5 }),
      SEEN,
      { lagRecords: 1_100, nextOffset: 5 },
    ],
    [
      "from what is committed while the runner is down",
      link(),
      snapshot(link(), {}, down),
      { ...SEEN, ...committed(1_000), ...aged },
      { nextOffset: 1_000, lagRecords: 200, lagMs: 5_000, state: "retrying", reason: "it crashed" },
    ],
    [
      "from what is committed when the runner fell silent",
      link(),
      snapshot(link(), {}, silent),
      { ...SEEN, ...committed(1_190) },
      { nextOffset: 1_190, lagRecords: 10, lagMs: null },
    ],
    [
      "from the last status where nothing else is known",
      link(),
      snapshot(link(), {}, down),
      SEEN,
      { nextOffset: 1_180, lagRecords: 20 },
    ],
    [
      "everything where nothing is committed and the start is earliest",
      link(),
      snapshot(link(), null, down),
      { ...SEEN, ...committed(null) },
      { nextOffset: null, lagRecords: 1_100 },
    ],
    [
      "unknown where nothing is committed and the start is latest",
      link({ start: "latest" }),
      snapshot(link(), null, down),
      { ...SEEN, ...committed(null) },
      { nextOffset: null, lagRecords: null, lagMs: null },
    ],
    [
      "unknown where the commits were not read yet",
      link(),
      snapshot(link(), null, down),
      SEEN,
      { nextOffset: null, lagRecords: null },
    ],
    [
      "known while paused",
      { ...link(), paused: true },
      snapshot(link(), { state: "paused", reason: "paused" }),
      SEEN,
      { state: "paused", lagRecords: 20 },
    ],
    [
      "paused without a runner",
      { ...link(), paused: true },
      snapshot(link(), null, down),
      { ...SEEN, ...committed(1_000) },
      { state: "paused", lagRecords: 200 },
    ],
    [
      "without an age where records have no timestamp",
      link(),
      snapshot(link(), {}, down),
      {
        ...SEEN,
        ...committed(1_000),
        timestamps: new Map([["orders", new Map([[0, { offset: 1_000, timestamp: -1 }]])]]),
      },
      { lagMs: null },
    ],
  ])("is %s", (_title, of, current, observation, expected) => {
    expect(lagOf(of, { ...current, link: of }, observation).partitions[0]).toMatchObject(expected);
  });

  test("does not take what an earlier runner said for what this one does", () => {
    const restarted = snapshot(link(), {}, { pid: 2, state: "starting", reason: "it crashed" });
    expect(lagOf(link(), restarted, { ...SEEN, ...committed(1_190) }).partitions[0]).toMatchObject({
      state: "retrying",
      reason: "it crashed",
      nextOffset: 1_190,
    });
  });

  test("keeps the last numbers and says so when the source does not answer", () => {
    const lag = lagOf(link(), snapshot(link(), {}), { ...SEEN, sourceError: "connection refused" });
    const reason = `source cluster east cannot be asked (its offsets are of ${new Date(NOW).toISOString()}): connection refused`;
    expect(lag).toMatchObject({ reason, partitions: [{ state: "retrying", reason, lagRecords: 20 }] });
  });

  test("never claims a zero while the source does not answer", () => {
    const lag = lagOf(link(), snapshot(link(), { nextOffset: 1_200 }), { ...SEEN, sourceError: "gone" });
    expect(lag).toMatchObject({
      partitions: [{ lagRecords: null, lagMs: null }],
      total: { lagRecords: null, lagMs: null },
    });
  });

  test("says where a partition is that another strait of the link has", () => {
    const elsewhere = new Map([["l", new Map([["orders", new Map([[0, "10.0.0.3"]])]])]]);
    const observation = { ...SEEN, ...committed(1_180), elsewhere };
    const { partitions } = lagOf(link(), snapshot(link(), null), observation);
    expect(partitions).toMatchObject([
      {
        state: "running",
        reason: "another strait of this link has it, at 10.0.0.3",
        nextOffset: 1_180,
        lagRecords: 20,
      },
    ]);
    const own = lagOf(link(), snapshot(link(), { state: "failed", reason: "no" }), observation);
    expect(own.partitions).toMatchObject([{ state: "failed", reason: "no" }]);
    const paused = link({ paused: true });
    expect(lagOf(paused, snapshot(paused, null), observation).partitions).toMatchObject([{ state: "paused" }]);
  });

  test("says that the destination cannot be asked while no runner reports", () => {
    const lag = lagOf(link(), snapshot(link(), {}, down), { ...SEEN, destinationError: "gone" });
    expect(lag.partitions[0]).toMatchObject({
      state: "retrying",
      reason: expect.stringContaining("destination cluster west"),
    });
  });

  test("has no total before the source was seen", () => {
    expect(lagOf(link(), snapshot(link(), null), NOTHING_OBSERVED)).toMatchObject({
      reason: "the source has not been asked yet",
      partitions: [],
      total: { lagRecords: null, lagMs: null },
    });
  });

  test("says which topic the source does not have", () => {
    const missingTopics = new Map([["orders", "the source has no topic orders"]]);
    const observation = { ...NOTHING_OBSERVED, sourceAt: NOW, missingTopics };
    expect(lagOf(link(), snapshot(link(), null), observation).reason).toBe("the source has no topic orders");
  });
});

import { describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { Link } from "../../src/config/resources.ts";
import { linkState } from "../../src/control/link-state.ts";
import type { PartitionState, RunnerStatus } from "../../src/model/status.ts";
import { partitionStatus } from "../support/partition-status.ts";

const ORDERS = completeMapping({ source: "orders", mode: "append" });
const LINK: Link = { name: "l", source: "a", destination: "b", paused: false, mappings: [ORDERS] };

function status(states: readonly PartitionState[], waitingFor: string | null = null): RunnerStatus {
  const partitions = states.map((state, partition) =>
    partitionStatus({ partition, state, reason: state === "running" ? null : "because" }),
  );
  return { at: 0, waitingFor, partitions, latency: {}, filterDigests: {}, residentBytes: 0 };
}

describe("linkState", () => {
  test.each<[string, Partial<Link>, RunnerStatus, string, string | null]>([
    ["all run", {}, status(["running", "seeding"]), "running", null],
    [
      "one fails",
      {},
      status(["running", "failed"]),
      "degraded",
      "1 of 2 partitions do not run; orders/1 is failed: because",
    ],
    [
      "all fail",
      {},
      status(["failed", "diverged"]),
      "failed",
      "2 of 2 partitions do not run; orders/0 is failed: because",
    ],
    ["all retry", {}, status(["retrying"]), "degraded", "1 of 1 partitions do not run; orders/0 is retrying: because"],
    ["one is paused", {}, status(["running", "paused"]), "running", null],
    ["none is assigned", {}, status([]), "starting", "no partition is assigned yet"],
    ["a cluster is awaited at start", {}, status([], "east is down"), "starting", "east is down"],
    ["a cluster is awaited later", {}, status(["running"], "east is down"), "degraded", "east is down"],
    ["the link is paused", { paused: true }, status(["paused"]), "paused", "paused by an operator"],
    [
      "all mappings are paused",
      { mappings: [{ ...ORDERS, paused: true }] },
      status(["paused"]),
      "paused",
      "all mappings are paused",
    ],
    ["there are no mappings", { mappings: [] }, status([]), "running", "it has no mappings yet"],
  ])("while %s", (_title, changes, current, state, reason) => {
    expect(linkState({ ...LINK, ...changes }, { phase: "up", status: current })).toEqual({ state, reason } as never);
  });

  test("a runner that ended makes the link failed with its reason", () => {
    expect(linkState(LINK, { phase: "down", reason: "exit 1" })).toEqual({ state: "failed", reason: "exit 1" });
  });

  test("a runner that comes again says why the one before ended", () => {
    expect(linkState(LINK, { phase: "starting", after: "exit 1" })).toEqual({ state: "starting", reason: "exit 1" });
  });
});

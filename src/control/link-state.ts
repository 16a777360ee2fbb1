/** What a link's state is, and why, from what is known of its runner. */

import type { Link } from "../config/resources.ts";
import type { LinkState, PartitionState, PartitionStatus, RunnerStatus } from "../model/status.ts";

/** A link's runner as the supervisor sees it. */
export type RunnerPhase =
  /** The process is there and has not reported yet; `after` is why the one before ended. */
  | { readonly phase: "starting"; readonly after: string | null }
  | { readonly phase: "up"; readonly status: RunnerStatus }
  /** The process ended and comes again; `reason` says why it ended and when it comes. */
  | { readonly phase: "down"; readonly reason: string }
  | { readonly phase: "stopped" };

export interface StateWithReason {
  readonly state: LinkState;
  /** A sentence; null where there is nothing to explain. */
  readonly reason: string | null;
}

/** Partition states in which data moves, or would if there were any, or stands because the operator said so. */
const WELL: readonly PartitionState[] = ["running", "seeding", "paused"];

export function linkState(link: Link, runner: RunnerPhase): StateWithReason {
  switch (runner.phase) {
    case "stopped":
      return { state: "stopped", reason: "its runner was stopped" };
    case "down":
      return { state: "failed", reason: runner.reason };
    case "starting":
      return { state: "starting", reason: runner.after };
    case "up":
      return stateOfRunning(link, runner.status);
  }
}

function stateOfRunning(link: Link, status: RunnerStatus): StateWithReason {
  const unwell = status.partitions.filter(({ state }) => !WELL.includes(state));
  if (link.paused) return { state: "paused", reason: "paused by an operator" };
  if (link.mappings.length === 0) return { state: "running", reason: "it has no mappings yet" };
  if (link.mappings.every(({ paused }) => paused)) return { state: "paused", reason: "all mappings are paused" };
  if (status.waitingFor !== null) {
    return { state: status.partitions.length === 0 ? "starting" : "degraded", reason: status.waitingFor };
  }
  if (status.partitions.length === 0) return { state: "starting", reason: "no partition is assigned yet" };
  if (unwell.length === 0) return { state: "running", reason: null };
  const hopeless = unwell.filter(({ state }) => state === "failed" || state === "diverged");
  const moving = status.partitions.filter(({ state }) => state === "running" || state === "seeding");
  const state = moving.length === 0 && hopeless.length === unwell.length ? "failed" : "degraded";
  return { state, reason: `${unwell.length} of ${status.partitions.length} partitions do not run; ${example(unwell)}` };
}

function example(unwell: readonly PartitionStatus[]): string {
  const [first] = unwell;
  return first === undefined
    ? ""
    : `${first.topic}/${first.partition} is ${first.state}: ${first.reason ?? "no reason given"}`;
}

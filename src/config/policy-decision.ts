/** What the policies make of a topic that is to go from one region to another. */

import { ANY_REGION, type Policy, type Region, type Residency } from "./policy.ts";
import { matchesTopic } from "./policy-topics.ts";

/** A topic of the source and the two regions. */
export interface Journey {
  readonly from: string;
  readonly to: string;
  readonly topic: string;
}

export interface PolicyDecision {
  readonly outcome: "allowed" | "denied" | "same-region";
  /** Why, in a sentence without its full stop. */
  readonly reason: string;
  /** What the region does where no policy names the topic. */
  readonly default: Region["default"];
  /** The policies that name the topic, by name; none within a region. */
  readonly matching: readonly Policy[];
}

/**
 * The decision: one `deny` is enough to deny; otherwise it goes through the filters of every policy that names it, in the
 * order of the policies' names; where none names it, the default of the region it leaves decides. Within a region nothing
 * leaves, and no policy counts.
 */
export function decide(residency: Residency, journey: Journey): PolicyDecision {
  const { from, to, topic } = journey;
  const otherwise = defaultOf(residency.regions, from);
  if (from === to) {
    const reason = `both clusters are in region ${from}: nothing leaves it, so no policy counts`;
    return { outcome: "same-region", reason, default: otherwise, matching: [] };
  }
  const matching = residency.policies.filter((policy) => mismatch(policy, journey) === null).toSorted(byName);
  const going = `topic ${topic} going from region ${from} to ${to}`;
  const goes = `topic ${topic} goes from region ${from} to ${to}`;
  const decided = (outcome: PolicyDecision["outcome"], reason: string): PolicyDecision => {
    return { outcome, reason, default: otherwise, matching };
  };
  const denying = matching.filter(({ rule }) => rule === "deny");
  if (denying.length > 0) {
    return decided("denied", `${named(denying)} ${denying.length > 1 ? "deny" : "denies"} that ${goes}`);
  }
  if (matching.length === 0) {
    const outcome = otherwise === "deny" ? "denied" : "allowed";
    return decided(outcome, `no policy names ${going}, and the default of region ${from} is ${otherwise}`);
  }
  const filtering = matching.filter(({ rule }) => typeof rule === "object");
  if (filtering.length === 0) return decided("allowed", `by ${named(matching)}, ${goes}, as it is`);
  const whose = filtering.length > 1 ? "their" : "its";
  return decided("allowed", `by ${named(filtering)}, ${goes}, through ${whose} filters`);
}

/** Why a policy does not name the topic, in a sentence without its full stop; null if it does. */
export function mismatch(policy: Policy, { from, to, topic }: Journey): string | null {
  if (!names(policy.from, from)) return `it is not for what leaves region ${from}`;
  if (!names(policy.to, to)) return `it is not for what goes to region ${to}`;
  if (!policy.topics.some((pattern) => matchesTopic(pattern, topic))) return `none of its patterns is topic ${topic}`;
  return null;
}

function names(regions: readonly string[], region: string): boolean {
  return regions.includes(region) || regions.includes(ANY_REGION);
}

function defaultOf(regions: readonly Region[], region: string): Region["default"] {
  const found = regions.find(({ name }) => name === region) ?? regions.find(({ name }) => name === ANY_REGION);
  return found?.default ?? "allow";
}

function named(policies: readonly Policy[]): string {
  return `${policies.length > 1 ? "policies" : "policy"} ${policies.map(({ name }) => name).join(", ")}`;
}

/** Names have letters for which code units are the order of the alphabet. */
function byName(a: Policy, b: Policy): number {
  return a.name < b.name ? -1 : 1;
}

/** Why a topic may leave a region or not, for people and for scripts. */

import { type Static, Type } from "typebox";
import { suggestion } from "../../config/nearest-name.ts";
import { ANY_REGION, type Policy, PolicyReference, Region } from "../../config/policy.ts";
import { decide, type Journey, mismatch } from "../../config/policy-decision.ts";
import { PolicyFilter } from "../mapping-view.ts";
import type { State } from "../state.ts";

const Asked = Type.Object({
  ...PolicyReference.properties,
  rule: Type.Union([Type.Literal("deny"), Type.Literal("allow"), Type.Literal("filters")]),
});

export const Explanation = Type.Object({
  from: Type.String(),
  to: Type.String(),
  topic: Type.String(),
  outcome: Type.Union([Type.Literal("allowed"), Type.Literal("denied"), Type.Literal("same-region")]),
  reason: Type.String({ description: "Why, in a sentence." }),
  default: Region.properties.default,
  policies: Type.Array(Asked, { description: "Those that name the topic, in the order in which their filters run." }),
  filters: Type.Array(PolicyFilter, { description: "What every mapping of the topic runs before its own filters." }),
  others: Type.Array(Type.Object({ ...Asked.properties, why: Type.String({ description: "Why it does not count." }) })),
  notes: Type.Array(Type.String({ description: "What may be a mistake." })),
});
export type Explanation = Static<typeof Explanation>;

export function explain(state: State, journey: Journey): Explanation {
  const { outcome, reason, default: otherwise, matching } = decide(state, journey);
  const others = state.policies.filter((policy) => !matching.includes(policy));
  return {
    ...journey,
    outcome,
    reason,
    default: otherwise,
    policies: matching.map(asked),
    filters: matching.flatMap(({ name: policy, rule }) =>
      typeof rule === "string" ? [] : rule.filters.map(({ use, options = {} }) => ({ policy, use, options })),
    ),
    others: others
      .map((policy) => ({ ...asked(policy), why: mismatch(policy, journey) ?? "nothing leaves the region" }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    notes: unknownRegions(state, journey),
  };
}

function asked({ name, version, digest, rule }: Policy): Static<typeof Asked> {
  return { name, version, digest, rule: typeof rule === "string" ? rule : "filters" };
}

/** Regions that no cluster has: where policies or the question name them, it may be by a typing mistake. */
function unknownRegions({ clusters, policies, regions }: State, { from, to }: Journey): string[] {
  const known = new Set(clusters.map(({ region }) => region));
  const named = [from, to, ...policies.flatMap((policy) => [...policy.from, ...policy.to])];
  const all = new Set([...named, ...regions.map(({ name }) => name)]);
  return [...all]
    .filter((region) => region !== ANY_REGION && !known.has(region))
    .map((region) => `no cluster is in region ${region}${suggestion(region, known)}`);
}

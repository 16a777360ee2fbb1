/** What the policies mean for a mapping, as its runner and its verifier get it. */

import type { PolicyReference, Residency } from "./policy.ts";
import { decide, type Journey } from "./policy-decision.ts";
import type { ChainedFilter, Mapping } from "./resources.ts";

export interface MappingRuling {
  /** Why the mapping must not run, in a sentence without its full stop; null if it may. */
  readonly refusal: string | null;
  /** What policies put in front of the mapping's own filters, in order. */
  readonly filters: readonly ChainedFilter[];
  /** The policies that name the mapping's topic, in order. */
  readonly policies: readonly PolicyReference[];
}

/** Rulings by the name of the mapping. */
export type Rulings = Readonly<Record<string, MappingRuling>>;

const UNRULED: MappingRuling = {
  refusal: "it is not known what the policies say of it, so nothing leaves",
  filters: [],
  policies: [],
};

export function rule(residency: Residency, journey: Journey): MappingRuling {
  const { outcome, reason, matching } = decide(residency, journey);
  return {
    refusal: outcome === "denied" ? reason : null,
    filters: matching.flatMap(({ name, rule }) =>
      typeof rule === "string" ? [] : rule.filters.map((filter) => ({ ...filter, policy: name })),
    ),
    policies: matching.map(({ name, version, digest }) => ({ name, version, digest })),
  };
}

/** The ruling on a mapping. Where there is none the mapping is refused. */
export function rulingOf(rulings: Rulings, mapping: Pick<Mapping, "name">): MappingRuling {
  return (Object.hasOwn(rulings, mapping.name) ? rulings[mapping.name] : undefined) ?? UNRULED;
}

/** Everything a mapping runs, in order: what policies put in front, then its own. */
export function effectiveFilters(ruling: MappingRuling, mapping: Pick<Mapping, "filters">): ChainedFilter[] {
  return [...ruling.filters, ...mapping.filters.map((filter) => ({ ...filter, policy: null }))];
}

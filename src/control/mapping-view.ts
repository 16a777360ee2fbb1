/** A mapping as it is shown: what is configured, and what policies make of it. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import { type Rulings, rulingOf } from "../config/policy-ruling.ts";
import { FilterUse, Mapping } from "../config/resources.ts";

/** A filter that a policy puts in front of a mapping's own. */
export const PolicyFilter = Type.Object({
  policy: Type.String({ description: "The policy that puts it there." }),
  use: FilterUse.properties.use,
  options: FilterUse.properties.options,
});

export const MappingView = Type.Object(
  {
    ...Mapping.properties,
    policyFilters: Type.Array(PolicyFilter, {
      readOnly: true,
      description: "What policies have it run before its own filters, in order.",
    }),
    refusal: OrNull(Type.String({ readOnly: true, description: "Why policies do not let it run; null if they do." })),
  },
  { additionalProperties: false, description: "A mapping and what policies make of it." },
);
export type MappingView = Static<typeof MappingView>;

export function mappingView(mapping: Mapping, rulings: Rulings): MappingView {
  const { filters, refusal } = rulingOf(rulings, mapping);
  const policyFilters = filters.map(({ policy, use, options = {} }) => ({ policy: policy ?? "", use, options }));
  return { ...mapping, policyFilters, refusal };
}

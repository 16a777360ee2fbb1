/** What the policies mean for the mappings of a link. */

import { type MappingRuling, type Rulings, rule } from "../../config/policy-ruling.ts";
import type { Link, Mapping } from "../../config/resources.ts";
import { clustersByName, type State } from "../state.ts";

/** A ruling for each mapping of the link, which needs not be in the state. A link without its clusters is refused. */
export function linkRulings(state: State, link: Pick<Link, "source" | "destination" | "mappings">): Rulings {
  const clusters = clustersByName(state);
  const from = clusters.get(link.source)?.region;
  const to = clusters.get(link.destination)?.region;
  const ruling = ({ source: topic }: Mapping): MappingRuling =>
    from === undefined || to === undefined
      ? { refusal: "a cluster of its link is not there", filters: [], policies: [] }
      : rule(state, { from, to, topic });
  return Object.fromEntries(link.mappings.map((mapping) => [mapping.name, ruling(mapping)]));
}

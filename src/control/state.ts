/** What the control process remembers across restarts. */

import { type Static, Type } from "typebox";
import { Policy, Region } from "../config/policy.ts";
import { Cluster, Link } from "../config/resources.ts";

export const State = Type.Object(
  {
    version: Type.Literal(1),
    /** Names this installation to the clusters; made once and kept. */
    nodeId: Type.String({ minLength: 1 }),
    clusters: Type.Array(Cluster),
    links: Type.Array(Link),
    policies: Type.Array(Policy),
    /** What regions do where no policy says otherwise; of those that were told. */
    regions: Type.Array(Region),
    /** The last version of each policy that is gone, so that none is used twice. */
    deletedPolicies: Type.Array(
      Type.Object({ name: Type.String(), version: Type.Integer() }, { additionalProperties: false }),
    ),
    /** What the configuration file named when it was last applied; what it names no more is removed then. */
    fromFile: Type.Object(
      {
        clusters: Type.Array(Type.String()),
        links: Type.Array(
          Type.Object({ name: Type.String(), mappings: Type.Array(Type.String()) }, { additionalProperties: false }),
        ),
        policies: Type.Array(Type.String()),
        regions: Type.Array(Type.String()),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type State = Static<typeof State>;

/** The state of an installation that has nothing yet. */
export function emptyState(nodeId: string): State {
  const fromFile = { clusters: [], links: [], policies: [], regions: [] };
  return { version: 1, nodeId, clusters: [], links: [], policies: [], regions: [], deletedPolicies: [], fromFile };
}

/** The clusters by name. */
export function clustersByName(state: State): ReadonlyMap<string, Cluster> {
  return new Map(state.clusters.map((cluster) => [cluster.name, cluster]));
}

/** The list with the resource put in the place of the one with its name, or at the end. */
export function withResource<T extends { readonly name: string }>(list: readonly T[], resource: T): T[] {
  return list.some(({ name }) => name === resource.name)
    ? list.map((other) => (other.name === resource.name ? resource : other))
    : [...list, resource];
}

/** The list without the resource of that name. */
export function withoutResource<T extends { readonly name: string }>(list: readonly T[], name: string): T[] {
  return list.filter((resource) => resource.name !== name);
}

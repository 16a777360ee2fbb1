/** A cluster for people. */

import type { Cluster } from "../config/resources.ts";
import type { CommandContext } from "./command-context.ts";

interface Capability {
  readonly usable: boolean;
  readonly reason: string | null;
}

/** What the API answers for one cluster. */
export interface ClusterFacts extends Cluster {
  readonly capabilities: Readonly<Record<string, Capability>> | null;
  readonly capabilitiesReason: string | null;
}

export function clusterText(cluster: ClusterFacts, { table, terminal: { paint } }: CommandContext): string {
  const { name, region, properties, schemaRegistry, capabilities, capabilitiesReason } = cluster;
  const registry = Object.entries(schemaRegistry ?? {}).map(([field, value]) => [`schemaRegistry.${field}`, value]);
  const rows = Object.entries(capabilities ?? {}).map(([capability, { usable, reason }]) => [
    capability,
    usable ? { text: "yes", ink: paint.good } : { text: "no", ink: paint.warning },
    reason,
  ]);
  return [
    `${name}, in region ${region}`,
    "",
    table(["PROPERTY", "VALUE"], [...Object.entries(properties), ...registry]),
    "",
    capabilities === null
      ? paint.bad(`what it lets strait do is not known: ${capabilitiesReason}`)
      : table(["CAPABILITY", "USABLE", "NOTE"], rows),
  ].join("\n");
}

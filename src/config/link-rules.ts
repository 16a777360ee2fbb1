/** Rules that hold between the parts of a link, which no schema of one part can express. */

import { bootstrapServers } from "./cluster-properties.ts";
import type { FieldError } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import { suggestion } from "./nearest-name.ts";
import type { Cluster, Link, Mapping } from "./resources.ts";

/** Every rule a link breaks, given the clusters there are; paths into the link. */
export function checkLink(link: Link, clusters: ReadonlyMap<string, Cluster>): FieldError[] {
  const errors: FieldError[] = [];
  for (const end of ["source", "destination"] as const) {
    if (clusters.has(link[end])) continue;
    errors.push({ path: `/${end}`, message: `no cluster \`${link[end]}\`${suggestion(link[end], clusters.keys())}` });
  }
  const earlier: Mapping[] = [];
  for (const [index, mapping] of link.mappings.entries()) {
    for (const { path, message } of [...checkAgainst(mapping, earlier), ...checkCrossing(link, mapping, clusters)]) {
      errors.push({ path: jsonPointer("mappings", index) + path, message });
    }
    earlier.push(mapping);
  }
  return errors;
}

/** What keeps a mapping from joining others of the same link; paths into the mapping. */
export function checkAgainst(mapping: Mapping, others: readonly Mapping[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const other of others) {
    if (other.name === mapping.name) {
      errors.push({ path: "/name", message: `mapping \`${other.name}\` exists already; give this one another name` });
    }
    if (other.source === mapping.source) {
      errors.push({
        path: "/source",
        message: `topic ${mapping.source} is already copied by mapping \`${other.name}\`; use another link to copy it twice`,
      });
    }
    // Progress is kept per destination topic and source partition, so two sources would overwrite each other's.
    if (other.destination === mapping.destination) {
      errors.push({
        path: "/destination",
        message: `topic ${mapping.destination} is already the destination of mapping \`${other.name}\`; use another link`,
      });
    }
  }
  return errors;
}

/** What keeps a mapping from crossing between the two clusters; paths into the mapping. */
export function checkCrossing(
  link: Pick<Link, "source" | "destination">,
  mapping: Mapping,
  clusters: ReadonlyMap<string, Cluster>,
): FieldError[] {
  return [...checkLoop(link, mapping, clusters), ...checkMonitors(link, mapping, clusters)];
}

/** Filters that only look on let everything cross, which whoever lists them may not expect. */
function checkMonitors(
  link: Pick<Link, "source" | "destination">,
  { filters, monitorOnly }: Mapping,
  clusters: ReadonlyMap<string, Cluster>,
): FieldError[] {
  const [from, to] = [clusters.get(link.source)?.region, clusters.get(link.destination)?.region];
  if (from === to || monitorOnly || filters.length === 0 || filters.some(({ monitor }) => !monitor)) return [];
  const message = `all of them only look on, so every record goes from ${from} to ${to} as it is; if that is meant, say "monitorOnly": true`;
  return [{ path: "/filters", message }];
}

/**
 * A topic must not be copied onto itself; loops through several links are not looked for. On one cluster the link's group
 * has members, so that only offsets within transactions can be committed to it beside them.
 */
function checkLoop(
  link: Pick<Link, "source" | "destination">,
  mapping: Mapping,
  clusters: ReadonlyMap<string, Cluster>,
): FieldError[] {
  if (!sameCluster(link, clusters)) return [];
  if (mapping.source === mapping.destination) {
    return [
      { path: "/destination", message: `topic ${mapping.source} would be copied onto itself on the same cluster` },
    ];
  }
  if (mapping.mode === "append" && mapping.transaction === "on") return [];
  return [{ path: "/mode", message: 'must be "append", with transaction "on", within one cluster' }];
}

function sameCluster(link: Pick<Link, "source" | "destination">, clusters: ReadonlyMap<string, Cluster>): boolean {
  if (link.source === link.destination) return true;
  const source = clusters.get(link.source);
  const destination = clusters.get(link.destination);
  if (source === undefined || destination === undefined) return false;
  return bootstrapServers(source.properties) === bootstrapServers(destination.properties);
}

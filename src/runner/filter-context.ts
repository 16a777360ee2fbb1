/** What filters may know of their surroundings. */

import { readFile } from "node:fs/promises";
import { createSchemaRegistry } from "../../plugins/schema-registry/schema-registry.ts";
import type { Cluster, Mapping } from "../config/resources.ts";
import { isReference, resolveReference } from "../config/secret-reference.ts";
import { StraitError } from "../model/errors.ts";
import type { FilterContext } from "../model/filter.ts";
import type { SchemaRegistry } from "../model/schema-registry.ts";
import { readOnlyRegistry } from "../preview/read-only-registry.ts";
import { fileInside } from "./file-inside.ts";

export interface FilterSurroundings {
  readonly link: string;
  readonly mapping: Mapping;
  /** The clusters of the link, for their schema registries. */
  readonly source: Pick<Cluster, "schemaRegistry">;
  readonly destination: Pick<Cluster, "schemaRegistry">;
  /** Directories filter files, and the files they read, may come from. */
  readonly directories: readonly string[];
  /** Whether filters only show what they would do: then no schema is registered. Default false. */
  readonly readOnly?: boolean;
  /** As in the filters' context. */
  readonly shared?: Map<string, unknown>;
  readonly monitor?: boolean;
}

export function filterContext(surroundings: FilterSurroundings): FilterContext {
  const { link, mapping, source, destination, directories, shared, monitor = false } = surroundings;
  // Who only looks on registers nothing either.
  const readOnly = surroundings.readOnly === true || monitor;
  const registryAt = (cluster: Pick<Cluster, "schemaRegistry">) => {
    const registry = registryOf(cluster);
    return readOnly && registry !== null ? readOnlyRegistry(registry) : registry;
  };
  return {
    link,
    mapping: mapping.name,
    topic: mapping.source,
    destinationTopic: mapping.destination,
    registries: { source: registryAt(source), destination: registryAt(destination) },
    ...(shared === undefined ? {} : { shared }),
    monitor,
    file: async (path) => readFile(await fileInside(path, directories)),
    secret,
  };
}

/** Nothing is asked of the registry, and its client is not loaded, before a filter asks. */
function registryOf({ schemaRegistry }: Pick<Cluster, "schemaRegistry">): SchemaRegistry | null {
  return schemaRegistry === undefined ? null : createSchemaRegistry(schemaRegistry, { secret });
}

/** Resolves a reference and nothing else: a literal where a reference belongs is a secret in a configuration file. */
async function secret(reference: string): Promise<string> {
  if (isReference(reference)) return resolveReference(reference);
  throw new StraitError("secret-unavailable", "a filter's secret must be given as ${env:NAME} or ${file:PATH}");
}

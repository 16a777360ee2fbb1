/** What filters may know of their surroundings. */

import { readFile } from "node:fs/promises";
import type { Cluster, Mapping } from "../config/resources.ts";
import { isReference, resolveReference } from "../config/secret-reference.ts";
import { StraitError } from "../model/errors.ts";
import type { FilterContext } from "../model/filter.ts";
import { fileInside } from "./file-inside.ts";

export interface FilterSurroundings {
  readonly link: string;
  readonly mapping: Mapping;
  /** The clusters of the link, for their schema registries. */
  readonly source: Pick<Cluster, "schemaRegistry">;
  readonly destination: Pick<Cluster, "schemaRegistry">;
  /** Directories filter files, and the files they read, may come from. */
  readonly directories: readonly string[];
}

export function filterContext({ link, mapping, directories }: FilterSurroundings): FilterContext {
  return {
    link,
    mapping: mapping.name,
    topic: mapping.source,
    destinationTopic: mapping.destination,
    registries: { source: null, destination: null },
    file: async (path) => readFile(await fileInside(path, directories)),
    secret,
  };
}

/** Resolves a reference and nothing else: a literal where a reference belongs is a secret in a configuration file. */
async function secret(reference: string): Promise<string> {
  if (isReference(reference)) return resolveReference(reference);
  throw new StraitError("secret-unavailable", "a filter's secret must be given as ${env:NAME} or ${file:PATH}");
}

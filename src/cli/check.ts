/** `strait check` */

import { inspectFilters } from "../control/filter-inspection.ts";
import { emptyState } from "../control/state.ts";
import { stateWithFile } from "../control/state-with-file.ts";
import { filterDirectories, readConfigurationFile, withPlaces } from "./up.ts";

/** Everything that can be known without connecting to a cluster. Resolves to a sentence, rejects with every mistake. */
export async function check(path: string, filters: readonly string[] | undefined): Promise<string> {
  const file = await readConfigurationFile(path);
  const directories = filterDirectories(path, filters);
  try {
    const state = await stateWithFile(emptyState("check"), file.content, (uses) =>
      inspectFilters(uses, { directories }),
    );
    const mappings = state.links.flatMap((link) => link.mappings).length;
    return `${path}: ${state.clusters.length} clusters, ${state.links.length} links, ${mappings} mappings, no mistakes`;
  } catch (error) {
    throw withPlaces(error, path, file);
  }
}

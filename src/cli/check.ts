/** `strait check` */

import { CleanFiles, inspectFilters } from "../control/filter-inspection.ts";
import { emptyState } from "../control/state.ts";
import { stateWithFile } from "../control/state-with-file.ts";
import { filterDirectories, readConfigurationFile, withPlaces } from "./read-configuration-file.ts";

/** Everything that can be known without connecting to a cluster. Resolves to a sentence, rejects with every mistake. */
export async function check(path: string, filters: readonly string[] | undefined): Promise<string> {
  const file = await readConfigurationFile(path);
  const directories = filterDirectories(path, filters);
  const cleanFiles = new CleanFiles();
  const skipped = new Set<string>();
  const options = { directories, cleanFiles, onSkipped: (why: string) => skipped.add(why) };
  try {
    const state = await stateWithFile(emptyState("check"), file.content, (uses) => inspectFilters(uses, options));
    const mappings = state.links.flatMap((link) => link.mappings).length;
    const found = `${state.clusters.length} clusters, ${state.links.length} links, ${mappings} mappings`;
    return [...skipped, `${path}: ${found}, no mistakes`].join("\n");
  } catch (error) {
    throw withPlaces(error, path, file);
  }
}

/** Whether what a link has copied to a topic before is what it is to go on with. */

import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { ProgressNote } from "../model/progress.ts";

/** Throws `conflict` for a mapping that took the place of another one with the same destination, or of another mode. */
export function requireSameCopy(link: string, mapping: Mapping, before: ProgressNote): void {
  const { source: topic, destination, mode } = mapping;
  const remedy = `give ${topic} another destination topic or a link of its own`;
  if (before.source !== topic) {
    throw new StraitError(
      "conflict",
      `link ${link} has copied ${before.source} to ${destination} before, and keeps its progress by destination topic: ${remedy}`,
      { topic },
    );
  }
  if (before.mode !== mode) {
    throw new StraitError(
      "conflict",
      `link ${link} has copied ${topic} to ${destination} in mode ${before.mode} before, where offsets are others than in mode ${mode}: ${remedy}`,
      { topic },
    );
  }
}

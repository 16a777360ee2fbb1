/** Whether the source of a mirror is still the topic it was: one made anew under the same name is another one. */

import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import { decodeNote } from "../model/progress.ts";
import { linkProgress } from "../wire/link-progress.ts";
import type { LinkConnections } from "./link-connections.ts";
import { copyAnew } from "./position.ts";

/**
 * Rejects with `source-truncated` where anything in the mirror is of another topic than the one with this id. All partitions
 * are looked at: next to one that holds records of the topic before, none must be filled from the new one.
 */
export async function requireSameSource(
  { destination }: LinkConnections,
  link: string,
  mapping: Mapping,
  sourceId: string | null,
): Promise<void> {
  const count = (await destination.partitionCount(mapping.destination)) ?? 0;
  if (sourceId === null || count === 0) return;
  const partitions = Array.from({ length: count }, (_, partition) => partition);
  const progress = await linkProgress(destination, link, mapping.destination, partitions);
  const ofAnother = partitions.filter((partition) => {
    const note = decodeNote(progress.get(partition)?.metadata ?? "");
    return note?.source === mapping.source && note.sourceId !== null && note.sourceId !== sourceId;
  });
  const ends = await destination.logEndOffsets(mapping.destination, ofAnother);
  // One that is empty was never written to, or an operator has had the mirror made anew.
  if ([...ends.values()].every((end) => end === 0)) return;
  throw new StraitError(
    "source-truncated",
    `topic ${mapping.source} was deleted and created anew: what the mirror holds is of the one before. To copy the new one, ${copyAnew(mapping)}`,
    { topic: mapping.source },
  );
}

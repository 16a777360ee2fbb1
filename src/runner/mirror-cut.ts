/** Whether a mirror has a beginning left that must be deleted before its topic may be compacted or expire records. */

import type { Mapping } from "../config/resources.ts";
import { decodeNote } from "../model/progress.ts";
import { SHORT_PREFIX } from "../sinks/mirror-prefix.ts";
import { linkProgress } from "../wire/link-progress.ts";
import type { LinkConnections } from "./link-connections.ts";
import { startOfPartition } from "./position.ts";

/** Asks both clusters about all partitions, also those that other runners of the link copy. */
export async function hasPrefixToCut(connections: LinkConnections, link: string, mapping: Mapping): Promise<boolean> {
  const { source, destination } = connections;
  const count = (await source.partitionCount(mapping.source)) ?? 0;
  const partitions = Array.from({ length: count }, (_, partition) => partition);
  const exists = (await destination.partitionCount(mapping.destination)) !== null;
  const none: ReadonlyMap<number, number> = new Map();
  const [progress, starts, ends] = await Promise.all([
    linkProgress(destination, link, mapping.destination, partitions),
    exists ? destination.logStartOffsets(mapping.destination, partitions) : none,
    exists ? destination.logEndOffsets(mapping.destination, partitions) : none,
  ]);
  const cuts = partitions.map(async (partition) => {
    const note = decodeNote(progress.get(partition)?.metadata ?? "");
    // One with records and without a note was begun by somebody else, or long ago.
    if (note === null && (ends.get(partition) ?? 0) > 0) return false;
    const begin = note?.start ?? (await startOfPartition(source, mapping, partition));
    return begin > SHORT_PREFIX && (starts.get(partition) ?? 0) < begin;
  });
  return (await Promise.all(cuts)).includes(true);
}

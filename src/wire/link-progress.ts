/** Reads how far a link has copied. */

import { groupOf, offsetTopicOf } from "../model/progress.ts";

/** A client of the destination, as far as it is asked here. */
interface Committed<Offset> {
  committedOffsets(
    group: string,
    wanted: ReadonlyMap<string, readonly number[]>,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, Offset | null>>>;
}

/**
 * The committed position of each source partition of a mapping, null where there is none. The helper topic is asked first:
 * once it is in use it alone goes on.
 */
export async function linkProgress<Offset>(
  destination: Committed<Offset>,
  link: string,
  destinationTopic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, Offset | null>> {
  const helper = offsetTopicOf(destinationTopic);
  const wanted = new Map([
    [helper, partitions],
    [destinationTopic, partitions],
  ]);
  const committed = await destination.committedOffsets(groupOf(link), wanted);
  return new Map(
    partitions.map((partition) => [
      partition,
      committed.get(helper)?.get(partition) ?? committed.get(destinationTopic)?.get(partition) ?? null,
    ]),
  );
}

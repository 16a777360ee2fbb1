/** How far mappings are, by what their destination says. */

import type { Mapping } from "../config/resources.ts";
import { groupOf, offsetTopicOf } from "../model/progress.ts";
import type { ClusterConnection, CommittedOffset } from "./cluster-connection.ts";

/** By mapping name, then source partition; null where nothing was copied yet. */
export type CopiedOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset | null>>;

/**
 * The next source offset of partitions of a link's mappings, with the text committed beside it: what is committed in mode
 * append, the end of the log in mode mirror.
 */
export async function copiedOffsets(
  destination: ClusterConnection,
  link: string,
  wanted: ReadonlyMap<Mapping, readonly number[]>,
): Promise<CopiedOffsets> {
  const asked = [...wanted].filter(([, partitions]) => partitions.length > 0);
  if (asked.length === 0) return new Map();
  const groupTopics = new Map<string, number[]>();
  const mirrors = new Map<string, number[]>();
  for (const [{ mode, destination: topic }, partitions] of asked) {
    groupTopics.set(topic, [...partitions]);
    if (mode === "mirror") mirrors.set(topic, [...partitions]);
    else groupTopics.set(offsetTopicOf(topic), [...partitions]);
  }
  const [committed, logs] = await Promise.all([
    destination.committedOffsets(groupOf(link), groupTopics),
    mirrors.size === 0 ? new Map<string, never>() : destination.partitionOffsets(mirrors),
  ]);
  return new Map(
    asked.map(([{ name, mode, destination: topic }, partitions]) => {
      const own = committed.get(topic);
      const helper = committed.get(offsetTopicOf(topic));
      const offsets = partitions.map((partition): [number, CommittedOffset | null] => {
        const note = own?.get(partition) ?? null;
        // Once the helper topic is in use, progress is kept there alone.
        if (mode === "append") return [partition, helper?.get(partition) ?? note];
        const end = logs.get(topic)?.get(partition)?.end ?? 0;
        return [partition, end === 0 && note === null ? null : { offset: end, metadata: note?.metadata ?? null }];
      });
      return [name, new Map(offsets)];
    }),
  );
}

/** Lists of topic partitions, to and from rd_kafka_topic_partition_list_t. */

import { cString } from "./c-string.ts";
import { TOPIC_PARTITION, TOPIC_PARTITION_LIST } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition with a position; `metadata` is a text committed beside the offset. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
  readonly metadata?: string;
}

/**
 * Makes a native list; whoever gets it frees it (rd_kafka_topic_partition_list_destroy). `owner` is the client whose
 * allocator the metadata comes from: the list frees it (rd_kafka_topic_partition_destroy0).
 */
export function createPartitionList(
  library: NativeLibrary,
  owner: number,
  partitions: readonly (TopicPartition | PartitionOffset)[],
): number {
  const list = library.rd_kafka_topic_partition_list_new(partitions.length);
  for (const entry of partitions) {
    const element = library.rd_kafka_topic_partition_list_add(list, cString(entry.topic), entry.partition);
    if (!("offset" in entry)) continue;
    const view = library.runtime.view(element, TOPIC_PARTITION.size);
    const fields = new DataView(view.buffer, view.byteOffset, view.byteLength);
    fields.setBigInt64(TOPIC_PARTITION.offset, BigInt(entry.offset), true);
    if (entry.metadata === undefined) continue;
    const bytes = new TextEncoder().encode(entry.metadata);
    const copy = library.rd_kafka_mem_malloc(owner, Math.max(1, bytes.byteLength));
    library.runtime.view(copy, bytes.byteLength).set(bytes);
    fields.setBigUint64(TOPIC_PARTITION.metadata, BigInt(copy), true);
    fields.setBigUint64(TOPIC_PARTITION.metadata_size, BigInt(bytes.byteLength), true);
  }
  return list;
}

/** Calls `use` with a native list and frees it afterwards. */
export function withPartitionList<R>(
  library: NativeLibrary,
  owner: number,
  partitions: readonly (TopicPartition | PartitionOffset)[],
  use: (list: number) => R,
): R {
  const list = createPartitionList(library, owner, partitions);
  try {
    return use(list);
  } finally {
    library.rd_kafka_topic_partition_list_destroy(list);
  }
}

/** Copies the topics and partitions out of a native list, which stays its owner's. */
export function readPartitionList(library: NativeLibrary, list: number): TopicPartition[] {
  const { runtime } = library;
  const count = runtime.readI32(list, TOPIC_PARTITION_LIST.cnt);
  const elements = runtime.readU64(list, TOPIC_PARTITION_LIST.elems);
  return Array.from({ length: count }, (_, index) => {
    const element = elements + index * TOPIC_PARTITION.size;
    return {
      topic: runtime.readCString(runtime.readU64(element, TOPIC_PARTITION.topic)),
      partition: runtime.readI32(element, TOPIC_PARTITION.partition),
    };
  });
}

/** Reads the newest committed records of a topic, spread over its partitions. */

import type { KafkaRecord } from "../model/record.ts";
import type { VerifiedCluster } from "../verify/verified-cluster.ts";
import { decodeBody, type RawRecord } from "../wire/decode-records.ts";

/** The part of a cluster's client that is used. */
export type ReadableCluster = Pick<VerifiedCluster, "ranges" | "read">;

/** What of a partition was not looked at yet: from `start` up to `end`. */
interface Unread {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

/** Offsets may have no record: where a range has too few, the one before it is this much longer. */
const GROWTH = 8;

/**
 * At most `count` records, by partition and offset: from each partition the same number, as far as it has them. Joins no
 * group and commits nothing. Rejects with `unknown-topic` where there is no such topic.
 */
export async function newestRecords(cluster: ReadableCluster, topic: string, count: number): Promise<KafkaRecord[]> {
  const ranges = await cluster.ranges(topic);
  let unread: Unread[] = [...ranges]
    .map(([partition, range]) => ({ partition, ...range }))
    .filter(hasOffsets)
    .toSorted((a, b) => a.partition - b.partition);
  const found: KafkaRecord[] = [];
  while (found.length < count && unread.length > 0) {
    const missing = count - found.length;
    const share = Math.ceil(missing / unread.length);
    const read = await Promise.all(unread.slice(0, missing).map((each) => newestOf(cluster, topic, each, share)));
    found.push(...read.flatMap(({ records }) => records));
    unread = [...unread.slice(missing), ...read.map(({ rest }) => rest)].filter(hasOffsets);
  }
  return evenly(found, count).toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}

const hasOffsets = ({ start, end }: Unread) => start < end;

/** The last `count` records of a range and what is left before them; all there are, and nothing left, where it has fewer. */
async function newestOf(
  cluster: ReadableCluster,
  topic: string,
  { partition, start, end }: Unread,
  count: number,
): Promise<{ records: KafkaRecord[]; rest: Unread }> {
  let found: RawRecord[] = [];
  let from = end;
  for (let span = count; found.length < count && from > start; span *= GROWTH) {
    const to = from;
    from = Math.max(start, to - span);
    const missing = count - found.length;
    let earlier: RawRecord[] = [];
    for await (const records of cluster.read(topic, partition, from, to)) {
      earlier = [...earlier, ...records.slice(-missing)].slice(-missing);
    }
    found = [...earlier, ...found];
  }
  const records = found.map(({ offset, timestamp, body }) => ({
    topic,
    partition,
    offset,
    timestamp,
    ...decodeBody(body),
  }));
  return { records, rest: { partition, start, end: found.length < count ? start : (found[0]?.offset ?? start) } };
}

/** The newest of each partition first, then the ones before them, until there are enough. */
function evenly(records: readonly KafkaRecord[], count: number): KafkaRecord[] {
  const ranked = [...Map.groupBy(records, ({ partition }) => partition).values()].flatMap((ofOne) =>
    ofOne.toSorted((a, b) => b.offset - a.offset).map((record, rank) => ({ record, rank })),
  );
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ record }) => record);
}

/** A plain reader, independent of strait's own, to check what arrived. */

import type { Connection } from "@platformatic/kafka";
import type { KafkaRecord } from "../../src/model/record.ts";
import { fetchBatches, type RawFetched } from "./raw-requests.ts";
import { decodeHeader, decodeRecords, splitBatches } from "./record-batch.ts";
import type { TestCluster } from "./test-cluster.ts";
import { leaders, listOffset, withAddress } from "./wire.ts";

export interface ReadOptions {
  /** Default `read_committed`. */
  readonly isolation?: "read_committed" | "read_uncommitted";
  /** Offset to start at, the same in each partition. Default: the start of the log. */
  readonly from?: number;
}

/**
 * Every record of a topic up to what was its end when reading began (the last stable offset for `read_committed`, once transactions that
 * are just ending have ended), by partition, in order of offset. Partitions without records have an empty list.
 */
export async function readTopic(
  cluster: TestCluster,
  topic: string,
  options: ReadOptions = {},
): Promise<ReadonlyMap<number, readonly KafkaRecord[]>> {
  const isolation = options.isolation === "read_uncommitted" ? 0 : 1;
  const work = [...(await leaders(cluster, topic))].map(([address, partitions]) =>
    withAddress(address, async (connection) => {
      const records: [number, readonly KafkaRecord[]][] = [];
      for (const partition of partitions) {
        const from = options.from ?? (await listOffset(connection, topic, partition, isolation, -2n));
        const end = await endOf(connection, topic, partition, isolation);
        records.push([partition, await readPartition(connection, { topic, partition, isolation, from, end })]);
      }
      return records;
    }),
  );
  const records = (await Promise.all(work)).flat();
  return new Map(records.toSorted(([a], [b]) => a - b));
}

/** How long what is open may take to end before it counts as left open. */
const ENDING_MS = 3000;

/**
 * The end for readers of this isolation. Brokers say that a transaction is committed before its markers are written
 * (KIP-98, "EndTxnRequest"), so a last stable offset behind the end is given time to follow.
 */
async function endOf(
  connection: Connection,
  topic: string,
  partition: number,
  isolation: Range["isolation"],
): Promise<number> {
  const deadline = Date.now() + ENDING_MS;
  for (;;) {
    const logEnd = await listOffset(connection, topic, partition, 0, -1n);
    if (isolation === 0) return logEnd;
    const stable = await listOffset(connection, topic, partition, isolation, -1n);
    if (stable >= logEnd || Date.now() > deadline) return stable;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Reads the topic again and again until `enough` is content with it; fails after `timeoutMs`, saying what was there. */
export async function readTopicUntil(
  cluster: TestCluster,
  topic: string,
  enough: (records: ReadonlyMap<number, readonly KafkaRecord[]>) => boolean,
  options: ReadOptions & { readonly timeoutMs?: number } = {},
): Promise<ReadonlyMap<number, readonly KafkaRecord[]>> {
  const { timeoutMs = 30_000 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const records = await readTopic(cluster, topic, options);
    if (enough(records)) return records;
    if (Date.now() > deadline) {
      const counts = [...records].map(([partition, list]) => `${partition}: ${list.length}`).join(", ");
      throw new Error(`${topic} does not hold what was awaited after ${timeoutMs} ms; records by partition: ${counts}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly isolation: 0 | 1;
  readonly from: number;
  readonly end: number;
}

async function readPartition(connection: Connection, range: Range): Promise<readonly KafkaRecord[]> {
  const { topic, partition, isolation, from, end } = range;
  const records: KafkaRecord[] = [];
  for (let next = from; next < end; ) {
    const answer = await fetchBatches.async(connection, { topic, partition, isolation, offset: next });
    if (answer.errorCode !== 0) throw new Error(`cannot read ${topic}/${partition}: error ${answer.errorCode}`);
    next = takeBatches(answer, { ...range, from: next }, records);
  }
  return records;
}

/** Adds the records of one answer that readers of this isolation see, and returns the offset to go on from. */
function takeBatches(answer: RawFetched, range: Range, records: KafkaRecord[]): number {
  const { topic, partition, from, end } = range;
  const pending = answer.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const aborted = new Set<bigint>();
  let next = from;
  for (const batch of splitBatches(answer.records)) {
    const { producerId, transactional, control, lastOffset } = decodeHeader(batch);
    for (const first of pending.splice(0, pending.findLastIndex(({ firstOffset }) => firstOffset <= lastOffset) + 1)) {
      aborted.add(first.producerId);
    }
    next = lastOffset + 1;
    if (control) {
      aborted.delete(producerId); // the end of that transaction
    } else if (!transactional || !aborted.has(producerId)) {
      const read = decodeRecords(topic, partition, batch);
      for (const record of read) if (record.offset >= from && record.offset < end) records.push(record);
    }
  }
  return next;
}

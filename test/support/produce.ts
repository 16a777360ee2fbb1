/** A plain producer, independent of strait's own, to set up what tests copy. */

import { type Connection, initProducerIdV1, ResponseError } from "@platformatic/kafka";
import { produceBatch } from "./raw-requests.ts";
import { type BatchProducer, type Compression, encodeBatch, type TestRecord } from "./record-batch.ts";
import type { TestCluster } from "./test-cluster.ts";
import { leaders, withAddress, withBroker } from "./wire.ts";

export interface ProduceOptions {
  /** Default `none`. */
  readonly compression?: Compression;
  /** Records in one batch at most. Default 2000. */
  readonly batchRecords?: number;
  /** Whether the batches have a producer and sequences, as those of `enable.idempotence` do. Default false. */
  readonly idempotent?: boolean;
}

/** Writes the records, in order within each partition, and returns the offset each one got. */
export async function produce(
  cluster: TestCluster,
  topic: string,
  records: readonly TestRecord[],
  options: ProduceOptions = {},
): Promise<readonly number[]> {
  const { batchRecords = 2000, compression = "none", idempotent = false } = options;
  const producer = idempotent ? await producerIdentity(cluster) : null;
  const indexes = Map.groupBy(records.keys(), (index) => records[index]?.partition ?? 0);
  const offsets = new Array<number>(records.length);
  const byLeader = await leaders(cluster, topic);
  for (const partition of indexes.keys()) {
    if (![...byLeader.values()].flat().includes(partition)) throw new Error(`${topic} has no partition ${partition}`);
  }
  const work = [...byLeader].map(([address, partitions]) =>
    withAddress(address, async (connection) => {
      for (const partition of partitions) {
        const mine = indexes.get(partition) ?? [];
        for (let at = 0; at < mine.length; at += batchRecords) {
          const part = mine.slice(at, at + batchRecords);
          const content = part.map((index) => records[index] as TestRecord);
          const batch = encodeBatch(content, compression, producer && { ...producer, sequence: at });
          const baseOffset = await write(connection, topic, partition, batch);
          part.forEach((index, i) => {
            offsets[index] = baseOffset + i;
          });
        }
      }
    }),
  );
  await Promise.all(work);
  return offsets;
}

/** A producer id of its own, for no transactions. */
async function producerIdentity(cluster: TestCluster): Promise<Omit<BatchProducer, "sequence">> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      const given = await withBroker(cluster, (connection) => initProducerIdV1.api.async(connection, null, 0));
      return { id: given.producerId, epoch: given.producerEpoch, transactional: false };
    } catch (error) {
      // The first time a broker has to fetch ids for itself first.
      const notReady = error instanceof ResponseError && error.findBy("canRetry", false) === null;
      if (!notReady || Date.now() > deadline) throw error;
      await Bun.sleep(50);
    }
  }
}

/** What a broker says right after its start, before it has taken its partitions over; nothing was written then. */
const NOT_LEADER = 6;
const READY_TIMEOUT_MS = 20_000;

async function write(connection: Connection, topic: string, partition: number, batch: Buffer): Promise<number> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const { errorCode, baseOffset } = await produceBatch.async(connection, topic, partition, batch, null);
    if (errorCode === 0) return baseOffset;
    if (errorCode !== NOT_LEADER || Date.now() > deadline) {
      throw new Error(`cannot write to ${topic}/${partition}: error ${errorCode}`);
    }
    await Bun.sleep(50);
  }
}

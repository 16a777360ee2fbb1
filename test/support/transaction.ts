/** Transactions by plain requests, left open for as long as a test wants. */

import {
  addOffsetsToTxnV1,
  addPartitionsToTxnV1,
  type Connection,
  endTxnV1,
  findCoordinatorV2,
  initProducerIdV1,
  ResponseError,
  txnOffsetCommitV2,
} from "@platformatic/kafka";
import { produceBatch } from "./raw-requests.ts";
import { encodeBatch, type TestRecord } from "./record-batch.ts";
import type { TestCluster } from "./test-cluster.ts";
import { uniqueName } from "./topics.ts";
import { leaders, withAddress, withBroker } from "./wire.ts";

export interface Transaction {
  /** Writes the records, as one batch for each partition. */
  send(topic: string, records: readonly TestRecord[]): Promise<void>;
  /** Adds an offset of a group. */
  commitOffset(group: string, topic: string, partition: number, offset: number, metadata: string): Promise<void>;
  /** Resolves when the end of the transaction is in every partition. */
  commit(): Promise<void>;
  /** Likewise. */
  abort(): Promise<void>;
}

/** How long a broker waits before it aborts a transaction by itself. */
const TIMEOUT_MS = 60_000;
/** How long a coordinator may be not ready. Tests freeze brokers for half a minute, and the markers come after that. */
const READY_MS = 90_000;

/** Begins a transaction under a transactional id of its own. */
export async function beginTransaction(cluster: TestCluster): Promise<Transaction> {
  const id = uniqueName("transaction");
  const coordinator = <T>(work: (connection: Connection) => Promise<T>) => withCoordinator(cluster, 1, id, work);
  const begin = () => coordinator((connection) => initProducerIdV1.api.async(connection, id, TIMEOUT_MS));
  const { producerId, producerEpoch } = await begin();
  const sequences = new Map<string, number>();
  const end = async (committed: boolean): Promise<void> => {
    await coordinator((connection) => endTxnV1.api.async(connection, id, producerId, producerEpoch, committed));
    await begin(); // refused as CONCURRENT_TRANSACTIONS until the markers are written
  };
  return {
    send: async (topic, records) => {
      const byPartition = Map.groupBy(records, ({ partition = 0 }) => partition);
      const topics = [{ name: topic, partitions: [...byPartition.keys()] }];
      const transaction = { transactionalId: id, producerId, producerEpoch, verifyOnly: false, topics };
      await coordinator((connection) => addPartitionsToTxnV1.api.async(connection, [transaction]));
      for (const [address, partitions] of await leaders(cluster, topic)) {
        for (const partition of partitions.filter((led) => byPartition.has(led))) {
          const content = byPartition.get(partition) ?? [];
          const sequence = sequences.get(`${topic}/${partition}`) ?? 0;
          sequences.set(`${topic}/${partition}`, sequence + content.length);
          const batch = encodeBatch(content, "none", { id: producerId, epoch: producerEpoch, sequence });
          const { errorCode } = await withAddress(address, (connection) =>
            produceBatch.async(connection, topic, partition, batch, id),
          );
          if (errorCode !== 0) throw new Error(`cannot write to ${topic}/${partition}: error ${errorCode}`);
        }
      }
    },
    commitOffset: async (group, topic, partition, offset, metadata) => {
      await coordinator((connection) => addOffsetsToTxnV1.api.async(connection, id, producerId, producerEpoch, group));
      const committed = { committedOffset: BigInt(offset), committedLeaderEpoch: -1, committedMetadata: metadata };
      const topics = [{ name: topic, partitions: [{ partitionIndex: partition, ...committed }] }];
      await withCoordinator(cluster, 0, group, (connection) =>
        txnOffsetCommitV2.api.async(connection, id, group, producerId, producerEpoch, -1, "", null, topics),
      );
    },
    commit: () => end(true),
    abort: () => end(false),
  };
}

/** Runs `work` with the coordinator of a group (kind 0) or a transactional id (kind 1), again while it is not ready. */
async function withCoordinator<T>(
  cluster: TestCluster,
  kind: 0 | 1,
  key: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    try {
      const found = await withBroker(cluster, (connection) => findCoordinatorV2.api.async(connection, kind, [key]));
      const { host, port } = found.coordinators[0] as { host: string; port: number };
      return await withAddress(`${host}:${port}`, work);
    } catch (error) {
      const notReady = error instanceof ResponseError && error.findBy("canRetry", false) === null;
      if (!notReady || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

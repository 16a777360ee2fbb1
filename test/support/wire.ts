/** Plain connections to the brokers of a test cluster, beside and independent of strait's own. */

import { Connection, listOffsetsV4, metadataV8, ResponseError } from "@platformatic/kafka";
import type { TestCluster } from "./test-cluster.ts";

/** Whether a broker answers a metadata request and knows so many of its cluster: its port being open says neither. */
export async function brokerAnswers(address: string, brokers = 1): Promise<boolean> {
  const connection = new Connection("strait-test", { connectTimeout: 2000, requestTimeout: 5000 });
  connection.on("error", () => {}); // the awaited calls below fail with the same error
  try {
    await connect(connection, address);
    return (await metadataV8.api.async(connection, [], false)).brokers.length >= brokers;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50)); // callers ask again at once
    return false;
  } finally {
    await connection.close();
  }
}

/** Runs `work` with a connection to the first broker of the cluster that answers. */
export async function withBroker<T>(cluster: TestCluster, work: (connection: Connection) => Promise<T>): Promise<T> {
  const addresses = cluster.bootstrap.split(",");
  const last = addresses.pop() ?? "";
  for (const address of addresses) if (await brokerAnswers(address)) return await withAddress(address, work);
  return await withAddress(last, work);
}

/** Runs `work` with a connection to `host:port`. */
export async function withAddress<T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = new Connection("strait-test", { requestTimeout: 60_000 });
  connection.on("error", () => {}); // whoever waits for an answer gets the same error
  try {
    await connect(connection, address);
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** How long a broker that has just started may take to have leaders for all partitions. */
const LEADERS_MS = 20_000;

/** The partitions of a topic by the address of the broker that leads them. Fails where a partition has no leader. */
export async function leaders(cluster: TestCluster, topic: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const metadata = await withLeaders(cluster, topic);
  const byLeader = new Map<string, number[]>();
  for (const { partitionIndex, leaderId } of metadata.topics[0]?.partitions ?? []) {
    const broker = metadata.brokers.find(({ nodeId }) => nodeId === leaderId);
    if (broker === undefined) throw new Error(`${topic}/${partitionIndex} has no leader`);
    const address = `${broker.host}:${broker.port}`;
    byLeader.set(address, [...(byLeader.get(address) ?? []), partitionIndex]);
  }
  return byLeader;
}

/** An offset of a partition: `at` -1 is the end (the last stable offset for isolation 1), -2 the start, otherwise a time. */
export async function listOffset(
  connection: Connection,
  topic: string,
  partition: number,
  isolation: 0 | 1,
  at: bigint,
): Promise<number> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp: at }] }];
  // Of a topic just created the metadata may name a leader that does not know it yet.
  const response = await onceSettled("NOT_LEADER_OR_FOLLOWER", () =>
    listOffsetsV4.api.async(connection, -1, isolation, topics),
  );
  return Number(response.topics[0]?.partitions[0]?.offset);
}

function withLeaders(cluster: TestCluster, topic: string) {
  return onceSettled("LEADER_NOT_AVAILABLE", () =>
    withBroker(cluster, (connection) => metadataV8.api.async(connection, [topic], false)),
  );
}

/** Asks again while brokers say that leaders are being settled. */
async function onceSettled<T>(settling: string, ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LEADERS_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passes = error instanceof ResponseError && error.findBy("apiId", settling) !== null;
      if (!passes || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function connect(connection: Connection, address: string): Promise<void> {
  const colon = address.lastIndexOf(":");
  await connection.connect(address.slice(0, colon), Number(address.slice(colon + 1)));
}

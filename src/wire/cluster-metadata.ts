/** What a cluster says of its topics, brokers and leaders. Asked anew each time: nothing here can be stale. */

import { metadataV8 } from "@platformatic/kafka";
import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** Topics and the partitions wanted of each. */
export type Wanted = ReadonlyMap<string, readonly number[]>;

export type Metadata = Awaited<ReturnType<typeof clusterMetadata>>;

export interface LeaderShare {
  readonly leader: BrokerConnection;
  readonly wanted: Wanted;
}

/** Brokers, and the named topics (`null`: all there are). Topics that are missing are there with an error number. */
export async function clusterMetadata(connections: BrokerConnections, topics: readonly string[] | null) {
  const broker = await connections.toAny();
  return await broker.request(metadataV8.api, topics === null ? null : [...topics], false, false, false);
}

/**
 * Splits what is wanted by the brokers that lead it, and connects to them. Topics and partitions that do not exist are
 * left out. Rejects, retriable, where a partition has no leader at the moment.
 */
export async function byLeader(connections: BrokerConnections, wanted: Wanted): Promise<LeaderShare[]> {
  const metadata = await clusterMetadata(connections, [...wanted.keys()]);
  const shares = new Map<number, Map<string, number[]>>();
  for (const { name, errorCode, partitions } of metadata.topics) {
    if (name === null || errorCode === KAFKA_CODES.unknownTopicOrPartition) continue;
    // Of a topic only some of whose partitions have no leader, LEADER_NOT_AVAILABLE says nothing of the others.
    if (errorCode !== KAFKA_CODES.none && errorCode !== KAFKA_CODES.leaderNotAvailable) {
      throw kafkaError(errorCode, `cannot look up topic ${name}`, { topic: name });
    }
    const leaderOf = new Map(partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]));
    for (const partition of wanted.get(name) ?? []) {
      const leader = leaderOf.get(partition);
      if (leader === undefined) continue;
      const share = shares.get(leader) ?? new Map<string, number[]>();
      shares.set(leader, share.set(name, [...(share.get(name) ?? []), partition]));
    }
  }
  return await Promise.all(
    [...shares].map(async ([leader, share]) => {
      const broker = metadata.brokers.find(({ nodeId }) => nodeId === leader);
      if (broker === undefined) {
        const [[topic, [partition]] = ["", []]] = share as Map<string, number[]>;
        throw kafkaError(KAFKA_CODES.leaderNotAvailable, `cannot use ${topic}/${partition}`, { topic });
      }
      return { leader: await connections.to(broker), wanted: share };
    }),
  );
}

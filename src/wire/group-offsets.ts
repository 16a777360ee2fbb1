/** What a consumer group has committed, read and written without being a member. */

import { offsetCommitV7, offsetFetchV5, offsetFetchV7 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import type { Wanted } from "./cluster-metadata.ts";
import { coordinatorOf } from "./coordinator.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string;
}

export interface OffsetToCommit extends CommittedOffset {
  readonly topic: string;
  readonly partition: number;
}

/** What OffsetCommit takes from a client that is no member. */
const NO_GENERATION = -1;
const NO_LEADER_EPOCH = -1;

/**
 * The committed offsets of what is wanted, `null` where none is. While a transaction that commits offsets is pending it
 * rejects, retriable; coordinators before OffsetFetch 7 (Kafka 2.5) cannot tell and answer the offsets from before it.
 */
export async function groupOffsets(
  connections: BrokerConnections,
  group: string,
  wanted: Wanted,
): Promise<ReadonlyMap<string, ReadonlyMap<number, CommittedOffset | null>>> {
  const coordinator = await coordinatorOf(connections, "group", group);
  const { api } = coordinator.offers(offsetFetchV7.api) ? offsetFetchV7 : offsetFetchV5;
  const topics = [...wanted].map(([name, partitions]) => ({ name, partitionIndexes: [...partitions] }));
  const answer = await coordinator.request(api, [{ groupId: group, topics }], true);
  check(answer.errorCode, `cannot read the offsets of group ${group}`);
  return new Map(
    answer.topics.map(({ name, partitions }) => [
      name,
      new Map(
        partitions.map(({ partitionIndex, errorCode, committedOffset, metadata }) => {
          // Kafka says "nothing committed" of a topic that is not there, librdkafka's mock cluster says it is not there.
          if (errorCode === KAFKA_CODES.unknownTopicOrPartition) return [partitionIndex, null];
          check(
            errorCode,
            `cannot read the offset of group ${group} in ${name}/${partitionIndex}`,
            name,
            partitionIndex,
          );
          if (committedOffset < 0n) return [partitionIndex, null];
          return [partitionIndex, { offset: offsetFromBigInt(committedOffset), metadata: metadata ?? "" }];
        }),
      ),
    ]),
  );
}

/** Commits offsets. Rejects where the group has members: they would not know. */
export async function commitGroupOffsets(
  connections: BrokerConnections,
  group: string,
  offsets: readonly OffsetToCommit[],
): Promise<void> {
  const coordinator = await coordinatorOf(connections, "group", group);
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, offset, metadata }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: NO_LEADER_EPOCH,
      committedMetadata: metadata,
    })),
  }));
  const answer = await coordinator.request(offsetCommitV7.api, group, NO_GENERATION, "", null, topics);
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode } of partitions) {
      check(errorCode, `cannot commit the offset of group ${group} in ${name}/${partitionIndex}`, name, partitionIndex);
    }
  }
}

function check(errorCode: number, failed: string, topic?: string, partition?: number): void {
  if (errorCode === KAFKA_CODES.none) return;
  throw kafkaError(errorCode, failed, {
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
  });
}

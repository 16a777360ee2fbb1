/** Offsets of partitions, asked of their leaders in one request each. */

import { listOffsetsV4 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { byLeader, type LeaderShare, type Wanted } from "./cluster-metadata.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** By topic and partition. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Special times of ListOffsets. */
export const LOG_START = -2;
/** With READ_COMMITTED the last stable offset. */
export const LOG_END = -1;

const CLIENT = -1;
const READ_COMMITTED = 1;
const NO_LEADER_EPOCH = -1;

/**
 * For each of `times` the offset of the first record at least that young, or what the special times stand for; -1 where
 * no record is. Topics and partitions that do not exist are left out.
 */
export async function listOffsets(
  connections: BrokerConnections,
  wanted: Wanted,
  times: readonly number[],
): Promise<readonly Offsets[]> {
  const shares = await byLeader(connections, wanted);
  return await Promise.all(
    times.map(async (time) => {
      const offsets = new Map<string, Map<number, number>>();
      for (const [topic, partition, offset] of (await Promise.all(shares.map((share) => ask(share, time)))).flat()) {
        offsets.set(topic, (offsets.get(topic) ?? new Map<number, number>()).set(partition, offset));
      }
      return offsets;
    }),
  );
}

async function ask({ leader, wanted }: LeaderShare, time: number): Promise<[string, number, number][]> {
  const topics = [...wanted].map(([name, partitions]) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: NO_LEADER_EPOCH,
      timestamp: BigInt(time),
    })),
  }));
  const answer = await leader.request(listOffsetsV4.api, CLIENT, READ_COMMITTED, topics);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex: partition, errorCode, offset }): [string, number, number] => {
      if (errorCode !== KAFKA_CODES.none) {
        throw kafkaError(errorCode, `cannot ask ${leader.address} for offsets of ${name}/${partition}`, {
          topic: name,
          partition,
        });
      }
      return [name, partition, offsetFromBigInt(offset)];
    }),
  );
}

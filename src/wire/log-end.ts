/** Where the next record of a partition will be, whatever is still open. */

import { listOffsetsV4 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

const CLIENT = -1;
const READ_UNCOMMITTED = 0;
const ANY_LEADER_EPOCH = -1;
const END = -1n;

/** The offset behind everything replicated of a partition: open transactions, aborted records and markers included. */
export async function logEnd(leader: BrokerConnection, topic: string, partition: number): Promise<number> {
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: ANY_LEADER_EPOCH, timestamp: END }];
  const answer = await leader.request(listOffsetsV4.api, CLIENT, READ_UNCOMMITTED, [{ name: topic, partitions }]);
  const found = answer.topics[0]?.partitions[0];
  const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (found === undefined || errorCode !== KAFKA_CODES.none) {
    throw kafkaError(errorCode, `cannot ask ${leader.address} for the end of ${topic}/${partition}`, {
      topic,
      partition,
    });
  }
  return offsetFromBigInt(found.offset);
}

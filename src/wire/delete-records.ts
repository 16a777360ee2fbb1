/** Moving the start of a log forward. */

import { deleteRecordsV1 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface RecordsToDelete {
  readonly topic: string;
  readonly partition: number;
  /** The first offset to keep. */
  readonly before: number;
  /** How long the broker waits for its replicas, milliseconds; less than the connection waits for answers. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Deletes what is before an offset and returns the offset the log starts at. Refused where the topic is compacted only. */
export async function deleteRecords(leader: BrokerConnection, request: RecordsToDelete): Promise<number> {
  const { topic, partition, before, timeoutMs = 10_000 } = request;
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(before) }] }];
  const answer = await leader.request(deleteRecordsV1.api, topics, timeoutMs);
  const deleted = answer.topics[0]?.partitions[0];
  const errorCode = deleted?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (deleted === undefined || errorCode !== KAFKA_CODES.none) {
    const failed = `cannot delete the records of ${topic}/${partition} before offset ${before}`;
    throw kafkaError(errorCode, failed, { topic, partition, offset: before });
  }
  return offsetFromBigInt(deleted.lowWatermark);
}

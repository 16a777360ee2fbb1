/** Giving a topic more partitions. */

import { createPartitionsV1 } from "@platformatic/kafka";
import type { BrokerConnections } from "./broker-connections.ts";
import { controllerOf } from "./controller.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** How many partitions a topic shall have; `timeoutMs` is how long the broker may take. */
export interface MorePartitions {
  readonly topic: string;
  readonly count: number;
  readonly timeoutMs: number;
}

/** Answered where the topic has as many already (ReplicationControlManager.createPartitions). */
const INVALID_PARTITIONS = 37;

/**
 * Raises a topic's partition count (CreatePartitions version 1); the brokers choose where the new ones go. Where it has as
 * many already, somebody else was faster and nothing is changed. Needs the right ALTER on the topic.
 */
export async function createPartitions(connections: BrokerConnections, more: MorePartitions): Promise<void> {
  const { topic, count, timeoutMs } = more;
  const controller = await controllerOf(connections);
  const wanted = [{ name: topic, count, assignments: null }];
  const [result] = (await controller.request(createPartitionsV1.api, wanted, timeoutMs, false)).results;
  const errorCode = result?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (errorCode === KAFKA_CODES.none || errorCode === INVALID_PARTITIONS) return;
  throw kafkaError(errorCode, `cannot raise topic ${topic} to ${count} partitions`, { topic }, result?.errorMessage);
}

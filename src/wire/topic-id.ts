/** Ids of topics: a topic deleted and made anew with the same name has another. */

import { metadataV12 } from "@platformatic/kafka";
import type { BrokerConnections } from "./broker-connections.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** What brokers answer that know the field and gave the topic no id (org.apache.kafka.common.Uuid.ZERO_UUID). */
const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * The id of a topic as a UUID in lower case, `null` where the cluster gives none or there is no such topic. Metadata
 * version 12 of Kafka 3.1 (KIP-516) is the first that can be asked by name.
 */
export async function topicId(connections: BrokerConnections, topic: string): Promise<string | null> {
  const broker = await connections.toAny();
  if (!broker.offers(metadataV12.api)) return null;
  const [found] = (await broker.request(metadataV12.api, [topic], false, false)).topics;
  const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (errorCode === KAFKA_CODES.unknownTopicOrPartition) return null;
  if (errorCode !== KAFKA_CODES.none && errorCode !== KAFKA_CODES.leaderNotAvailable) {
    throw kafkaError(errorCode, `cannot look up the id of topic ${topic}`, { topic });
  }
  return found === undefined || found.topicId === NO_ID ? null : found.topicId;
}

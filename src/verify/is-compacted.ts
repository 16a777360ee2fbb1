/** Whether a topic is compacted. */

import { ConfigResourceTypes, describeConfigsV4 } from "@platformatic/kafka";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import { KAFKA_CODES, kafkaError } from "../wire/kafka-error.ts";

const SETTING = "cleanup.policy";

/** Asks any broker. A cluster that cannot be asked, such as librdkafka's mock, is taken for one that compacts nothing. */
export async function isCompacted(connections: BrokerConnections, topic: string): Promise<boolean> {
  const broker = await connections.toAny();
  if (!broker.offers(describeConfigsV4.api)) return false;
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: [SETTING] };
  const [answer] = (await broker.request(describeConfigsV4.api, [resource], false, false)).results;
  const errorCode = answer?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (errorCode !== KAFKA_CODES.none) {
    throw kafkaError(errorCode, `cannot read the settings of topic ${topic}`, { topic }, answer?.errorMessage);
  }
  const policy = answer?.configs.find(({ name }) => name === SETTING)?.value ?? "";
  return policy.split(",").some((each) => each.trim() === "compact");
}

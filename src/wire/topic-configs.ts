/** Settings of topics: asking for them and changing them. */

import {
  ConfigResourceTypes,
  ConfigSources,
  describeConfigsV1,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV0,
} from "@platformatic/kafka";
import type { BrokerConnections } from "./broker-connections.ts";
import { controllerOf } from "./controller.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface TopicSetting {
  /** What holds for the topic, wherever it was set; `null` where the broker keeps it to itself. */
  readonly value: string | null;
  /** Whether it is set on the topic itself; otherwise it is the broker's default. */
  readonly own: boolean;
}

/** By name: all settings that the brokers know. */
export type TopicSettings = ReadonlyMap<string, TopicSetting>;

/** By name; `null` removes what is set on the topic, so that the broker's default holds. */
export type SettingChanges = ReadonlyMap<string, string | null>;

/** All settings of a topic (DescribeConfigs version 1). Needs the right DESCRIBE_CONFIGS on it. */
export async function topicSettings(connections: BrokerConnections, topic: string): Promise<TopicSettings> {
  const broker = await connections.toAny();
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: null };
  const [result] = (await broker.request(describeConfigsV1.api, [resource], false)).results;
  const errorCode = result?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (result === undefined || errorCode !== KAFKA_CODES.none) {
    throw kafkaError(errorCode, `cannot ask for the settings of topic ${topic}`, { topic }, result?.errorMessage);
  }
  const settings = result.configs.map(({ name, value = null, configSource }): [string, TopicSetting] => {
    return [name, { value, own: configSource === ConfigSources.DYNAMIC_TOPIC_CONFIG }];
  });
  return new Map(settings);
}

/**
 * Changes settings of a topic and leaves its others alone (IncrementalAlterConfigs version 0): all of the changes, or none
 * where one is refused. Needs the right ALTER_CONFIGS on the topic.
 */
export async function alterTopicSettings(
  connections: BrokerConnections,
  topic: string,
  changes: SettingChanges,
): Promise<void> {
  const controller = await controllerOf(connections);
  const configs = [...changes].map(([name, value]) => {
    const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
    return { name, value, configOperation: value === null ? DELETE : SET };
  });
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs };
  const [result] = (await controller.request(incrementalAlterConfigsV0.api, [resource], false)).responses;
  const errorCode = result?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (errorCode === KAFKA_CODES.none) return;
  const failed = `cannot change ${[...changes.keys()].join(", ")} of topic ${topic}`;
  throw kafkaError(errorCode, failed, { topic }, result?.errorMessage);
}

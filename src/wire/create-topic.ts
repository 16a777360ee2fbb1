/** Creating topics, and waiting until they can be used. */

import { createTopicsV4 } from "@platformatic/kafka";
import type { BrokerConnections } from "./broker-connections.ts";
import { clusterMetadata } from "./cluster-metadata.ts";
import { controllerOf } from "./controller.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface NewTopic {
  readonly partitions: number;
  /** Default: the cluster's. */
  readonly replicationFactor?: number;
  /** Topic settings such as `retention.ms`. Default: the cluster's. */
  readonly configs?: Readonly<Record<string, string>>;
}

/** Creates a topic, unless there is one of that name. `timeoutMs` is how long the broker may take. */
export async function createTopic(
  connections: BrokerConnections,
  name: string,
  options: NewTopic,
  timeoutMs: number,
): Promise<"created" | "exists"> {
  const { partitions, replicationFactor = -1, configs = {} } = options;
  const controller = await controllerOf(connections);
  const settings = Object.entries(configs).map(([setting, value]) => ({ name: setting, value }));
  const topic = { name, numPartitions: partitions, replicationFactor, assignments: [], configs: settings };
  const [created] = (await controller.request(createTopicsV4.api, [topic], timeoutMs, false)).topics;
  if (created?.errorCode === KAFKA_CODES.topicAlreadyExists) return "exists";
  if (created !== undefined && created.errorCode !== KAFKA_CODES.none) {
    throw kafkaError(created.errorCode, `cannot create topic ${name}`, { topic: name }, created.errorMessage);
  }
  return "created";
}

/** Rejects, retriable, while a topic has fewer than `partitions` or one of those it has cannot be used. */
export async function requireReady(connections: BrokerConnections, name: string, partitions: number): Promise<void> {
  const [found] = (await clusterMetadata(connections, [name])).topics;
  const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  const led = found?.partitions.filter(({ leaderId }) => leaderId >= 0).length ?? 0;
  if (errorCode === KAFKA_CODES.none && led >= partitions && led === found?.partitions.length) return;
  throw kafkaError(KAFKA_CODES.leaderNotAvailable, `topic ${name} is not ready`, { topic: name });
}

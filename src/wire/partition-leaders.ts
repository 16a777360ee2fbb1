/** Who leads the partitions of a cluster, remembered until somebody finds it to be wrong. */

import { metadataV8, metadataV12 } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import type { BrokerAddress } from "./connection-options.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface Leader {
  readonly broker: BrokerAddress;
  /** Sent along, it makes a broker that knows better refuse (KIP-320). */
  readonly epoch: number;
  /** A UUID; null where the cluster has no topic ids. */
  readonly topicId: string | null;
}

export class PartitionLeaders {
  readonly #connections: BrokerConnections;
  readonly #topics = new Map<string, Promise<ReadonlyMap<number, Leader>>>();

  constructor(connections: BrokerConnections) {
    this.#connections = connections;
  }

  /** The leader of a partition. Rejects, retriable, where there is no such partition or no leader at the moment. */
  async of(topic: string, partition: number): Promise<Leader> {
    const leader = (await this.#topic(topic)).get(partition);
    if (leader !== undefined) return leader;
    this.forget(topic);
    throw new StraitError("kafka", `${topic}/${partition} has no leader at the moment`, {
      topic,
      partition,
      retriable: true,
    });
  }

  /** To be called when a broker does not lead what it was taken for. */
  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  #topic(topic: string): Promise<ReadonlyMap<number, Leader>> {
    let found = this.#topics.get(topic);
    if (found === undefined) {
      const asked = this.#ask(topic).catch((error) => {
        if (this.#topics.get(topic) === asked) this.forget(topic);
        throw error;
      });
      this.#topics.set(topic, asked);
      found = asked;
    }
    return found;
  }

  async #ask(topic: string): Promise<ReadonlyMap<number, Leader>> {
    const connection = await this.#connections.toAny();
    const { brokers, topics } = connection.offers(metadataV12.api)
      ? await connection.request(metadataV12.api, [topic], false, false)
      : await connection.request(metadataV8.api, [topic], false, false, false);
    const [found] = topics;
    const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
    // Of a topic only some of whose partitions have no leader, LEADER_NOT_AVAILABLE says nothing of the others.
    if (found === undefined || (errorCode !== KAFKA_CODES.none && errorCode !== KAFKA_CODES.leaderNotAvailable)) {
      const { code, message, facts } = kafkaError(errorCode, `cannot look up topic ${topic}`, { topic });
      // A topic may come, or come back, at any moment.
      throw new StraitError(code, message, { ...facts, retriable: true });
    }
    const topicId = "topicId" in found && typeof found.topicId === "string" ? found.topicId : null;
    return new Map(
      found.partitions.flatMap(({ partitionIndex, leaderId, leaderEpoch }) => {
        const broker = brokers.find(({ nodeId }) => nodeId === leaderId);
        return broker === undefined ? [] : [[partitionIndex, { broker, epoch: leaderEpoch, topicId }] as const];
      }),
    );
  }
}

/** Requests to one cluster that are not the moving of records: what it has, how far it is, what was committed. */

import type { Cluster } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { type Capabilities, clusterCapabilities } from "./capabilities.ts";
import { byLeader, clusterMetadata, type Wanted } from "./cluster-metadata.ts";
import { connectTo } from "./connect.ts";
import { createPartitions } from "./create-partitions.ts";
import { createTopic, type NewTopic, requireReady } from "./create-topic.ts";
import { type DecodedRecord, decodeBody } from "./decode-records.ts";
import { deleteRecords } from "./delete-records.ts";
import { type GroupHolders, groupHolders } from "./group-holders.ts";
import { type CommittedOffset, commitGroupOffsets, groupOffsets, type OffsetToCommit } from "./group-offsets.ts";
import { requireGroupRight } from "./group-right.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { LOG_END, LOG_START, listOffsets } from "./list-offsets.ts";
import { logEnd } from "./log-end.ts";
import { readPartition } from "./read-partition.ts";
import { retryFor, within } from "./retry.ts";
import { timestampAt } from "./timestamp-at.ts";
import { alterTopicSettings, type SettingChanges, type TopicSettings, topicSettings } from "./topic-configs.ts";
import { topicId } from "./topic-id.ts";

export type { Capabilities, Capability } from "./capabilities.ts";
export type { NewTopic } from "./create-topic.ts";
export type { CommittedOffset, OffsetToCommit } from "./group-offsets.ts";
export type { SettingChanges, TopicSetting, TopicSettings } from "./topic-configs.ts";

export interface ClusterClientOptions {
  /** How the client names itself to brokers. Default: the cluster's `client.id`, then `strait`. */
  readonly clientId?: string;
  /** The longest a call takes, attempts and pauses included, milliseconds. Default 15,000. */
  readonly requestTimeoutMs?: number;
}

export interface ClusterBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
  /** Whether it is the cluster's own, for example of committed offsets. */
  readonly internal: boolean;
}

export interface PartitionOffsets {
  /** The first offset that is there. */
  readonly start: number;
  /** The last stable offset: what a committed reader can reach, less one. */
  readonly end: number;
}

/**
 * A client of one cluster. It opens connections when they are needed and keeps nothing else, so it outlives restarts of
 * the cluster. Every call tries again what may work later until `requestTimeoutMs` are over, and rejects with a
 * StraitError in the broker's words.
 */
export class ClusterClient {
  readonly #cluster: string;
  readonly #connections: BrokerConnections;
  readonly #timeoutMs: number;

  constructor(cluster: Cluster, options: ClusterClientOptions = {}) {
    const { clientId, requestTimeoutMs = 15_000 } = options;
    this.#cluster = `cluster ${cluster.name} (${cluster.properties["bootstrap.servers"]})`;
    this.#timeoutMs = requestTimeoutMs;
    // A broker that hangs must leave time to try again, and to try another.
    const timeoutMs = Math.ceil(requestTimeoutMs / 3);
    this.#connections = connectTo(cluster, { timeoutMs, ...(clientId === undefined ? {} : { clientId }) });
  }

  /**
   * Finds out, trying once, whether the cluster can be used: that one of its bootstrap servers answers and one of the
   * brokers it names can be reached. Settles within `timeoutMs` whatever happens.
   */
  check(timeoutMs: number): Promise<{ brokers: readonly ClusterBroker[]; clusterId: string | null }> {
    return within(timeoutMs, this.#cluster, async () => {
      const { brokers, clusterId } = await clusterMetadata(this.#connections, []);
      try {
        await this.#connections.toFirst(brokers);
      } catch (error) {
        if (!(error instanceof StraitError) || error.code !== "cluster-unreachable") throw error;
        throw new StraitError(
          "cluster-unreachable",
          `a bootstrap server answers, but the brokers it names do not (see advertised.listeners): ${error.message}`,
          { retriable: true },
        );
      }
      return {
        brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
        clusterId: clusterId ?? null,
      };
    });
  }

  /** Rejects with `authorization-failed` where this client may not be a member of the group, trying once. */
  checkGroup(group: string, timeoutMs: number): Promise<void> {
    return within(timeoutMs, this.#cluster, () => requireGroupRight(this.#connections, group));
  }

  /** Which member of a consumer group has which partitions, as far as they have settled that. */
  groupHolders(group: string): Promise<GroupHolders> {
    return this.#retry(() => groupHolders(this.#connections, group));
  }

  /** All topics this client may see, in order of their names. */
  topics(): Promise<readonly TopicInfo[]> {
    return this.#retry(async () => {
      const { topics } = await clusterMetadata(this.#connections, null);
      return topics
        .map(({ name, partitions, isInternal }) => ({
          name: name ?? "",
          partitions: partitions.length,
          internal: isInternal,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  /** How many partitions a topic has, `null` if there is no such topic. Never creates it. */
  partitionCount(topic: string): Promise<number | null> {
    return this.#retry(async () => {
      const [found] = (await clusterMetadata(this.#connections, [topic])).topics;
      const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
      if (errorCode === KAFKA_CODES.unknownTopicOrPartition) return null;
      // With LEADER_NOT_AVAILABLE the topic is there, only not ready yet.
      if (errorCode !== KAFKA_CODES.none && errorCode !== KAFKA_CODES.leaderNotAvailable) {
        throw kafkaError(errorCode, `cannot look up topic ${topic}`, { topic });
      }
      return found?.partitions.length ?? null;
    });
  }

  /** Creates a topic, unless there is one of that name already, and waits until it can be used. */
  async createTopic(name: string, options: NewTopic): Promise<"created" | "exists"> {
    const result = await this.#retry(() => createTopic(this.#connections, name, options, this.#timeoutMs));
    await this.#retry(() => requireReady(this.#connections, name, 1));
    return result;
  }

  /** Raises the number of a topic's partitions, unless it has that many already, and waits until they can be used. */
  async createPartitions(topic: string, count: number): Promise<void> {
    await this.#retry(async () => {
      const [found] = (await clusterMetadata(this.#connections, [topic])).topics;
      if ((found?.partitions.length ?? 0) >= count) return;
      await createPartitions(this.#connections, { topic, count, timeoutMs: this.#timeoutMs });
    });
    await this.#retry(() => requireReady(this.#connections, topic, count));
  }

  /**
   * The id of a topic as a UUID in lower case: one made anew with the same name has another. `null` where the cluster
   * gives none or there is no such topic.
   */
  topicId(topic: string): Promise<string | null> {
    return this.#retry(() => topicId(this.#connections, topic));
  }

  /** All settings of a topic that the cluster knows. */
  topicConfigs(topic: string): Promise<TopicSettings> {
    return this.#retry(() => topicSettings(this.#connections, topic));
  }

  /** Changes settings of a topic, all of them or none, and leaves its others alone. */
  alterTopicConfigs(topic: string, changes: SettingChanges): Promise<void> {
    return this.#retry(() => alterTopicSettings(this.#connections, topic, changes));
  }

  /** Where the log of each partition starts. Partitions that do not exist are left out. */
  logStartOffsets(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return this.#retry(async () => {
      const [starts] = await listOffsets(this.#connections, new Map([[topic, partitions]]), [LOG_START]);
      return starts?.get(topic) ?? new Map<number, number>();
    });
  }

  /** Where the replicated log of each partition ends, open transactions included. Partitions that do not exist are left out. */
  logEndOffsets(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return this.#retry(async () => {
      const shares = await byLeader(this.#connections, new Map([[topic, partitions]]));
      const ends = shares.flatMap(({ leader, wanted }) =>
        (wanted.get(topic) ?? []).map(async (partition): Promise<[number, number]> => {
          return [partition, await logEnd(leader, topic, partition)];
        }),
      );
      return new Map(await Promise.all(ends));
    });
  }

  /**
   * Deletes what is before the given offset of a partition and returns the offset its log starts at then. Rejects where
   * the topic is compacted only, and where its log ends before that offset.
   */
  deleteRecords(topic: string, partition: number, before: number): Promise<number> {
    return this.#retry(async () => {
      const [share] = await byLeader(this.#connections, new Map([[topic, [partition]]]));
      if (share === undefined) {
        throw new StraitError("unknown-topic", `there is no partition ${topic}/${partition}`, { topic, partition });
      }
      // Half of what the connection waits, so that the broker is the first to say that its replicas are slow.
      return await deleteRecords(share.leader, { topic, partition, before, timeoutMs: Math.ceil(this.#timeoutMs / 6) });
    });
  }

  /** What the cluster lets this client do. */
  capabilities(): Promise<Capabilities> {
    return this.#retry(() => clusterCapabilities(this.#connections));
  }

  /** Start and end of partitions. Topics and partitions that do not exist are left out. */
  partitionOffsets(wanted: Wanted): Promise<ReadonlyMap<string, ReadonlyMap<number, PartitionOffsets>>> {
    return this.#retry(async () => {
      const [starts, ends] = await listOffsets(this.#connections, wanted, [LOG_START, LOG_END]);
      const offsets = new Map<string, Map<number, PartitionOffsets>>();
      for (const [topic, partitions] of starts ?? []) {
        const both = [...partitions].map(([partition, start]): [number, PartitionOffsets] => {
          return [partition, { start, end: ends?.get(topic)?.get(partition) ?? start }];
        });
        offsets.set(topic, new Map(both));
      }
      return offsets;
    });
  }

  /**
   * By partition, the offset of the first record at least as young as `timestampMs`; the end where there is none.
   * Rejects with `unknown-topic` where the topic or a partition does not exist.
   */
  offsetAtTime(
    topic: string,
    partitions: readonly number[],
    timestampMs: number,
  ): Promise<ReadonlyMap<number, number>> {
    return this.#retry(async () => {
      const wanted = new Map([[topic, partitions]]);
      const [found, ends] = await listOffsets(this.#connections, wanted, [timestampMs, LOG_END]);
      const offsets = partitions.map((partition): [number, number] => {
        const offset = found?.get(topic)?.get(partition);
        const end = ends?.get(topic)?.get(partition);
        if (offset === undefined || end === undefined) {
          throw new StraitError("unknown-topic", `there is no partition ${topic}/${partition}`, { topic, partition });
        }
        return [partition, offset < 0 ? end : offset];
      });
      return new Map(offsets);
    });
  }

  /**
   * What a group has committed, `null` for partitions where it has not. While a transaction with offsets of the group is
   * pending it waits for its end, and rejects with `kafka`, retriable, when that takes too long.
   */
  committedOffsets(
    group: string,
    wanted: Wanted,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, CommittedOffset | null>>> {
    return this.#retry(() => groupOffsets(this.#connections, group, wanted));
  }

  /** Commits offsets for a group that has no members. */
  commitOffsets(group: string, offsets: readonly OffsetToCommit[]): Promise<void> {
    return this.#retry(() => commitGroupOffsets(this.#connections, group, offsets));
  }

  /**
   * The timestamp of the first record at or after an offset and below the last stable offset, milliseconds since the
   * epoch; -1 where the record has none, `null` where there is no such record. A long stretch of aborted data counts as
   * no record.
   */
  timestampAt(topic: string, partition: number, offset: number): Promise<number | null> {
    return this.#retry(() => timestampAt(this.#connections, topic, partition, offset));
  }

  /** The committed records of a partition as it is now, one list for each batch. */
  async *readPartition(topic: string, partition: number): AsyncGenerator<readonly DecodedRecord[], void, undefined> {
    const offsets = (await this.partitionOffsets(new Map([[topic, [partition]]]))).get(topic)?.get(partition);
    if (offsets === undefined) return;
    const source = { cluster: this.#cluster, connections: this.#connections, topic, partition };
    const batches = readPartition({ ...source, timeoutMs: this.#timeoutMs }, offsets.start, offsets.end);
    for await (const records of batches) {
      yield records.map(({ offset, timestamp, body }) => ({ offset, timestamp, ...decodeBody(body) }));
    }
  }

  /** Closes all connections; calls under way and later ones reject. Twice is fine. */
  async close(): Promise<void> {
    this.#connections.close();
  }

  #retry<T>(attempt: () => Promise<T>): Promise<T> {
    return retryFor(this.#timeoutMs, this.#cluster, attempt);
  }
}

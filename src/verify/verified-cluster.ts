/** What a verification asks of a cluster. */

import type { Cluster } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import { decodeNote, groupOf } from "../model/progress.ts";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import { clusterMetadata } from "../wire/cluster-metadata.ts";
import { connectTo } from "../wire/connect.ts";
import type { RawRecord } from "../wire/decode-records.ts";
import { groupOffsets } from "../wire/group-offsets.ts";
import { KAFKA_CODES, kafkaError } from "../wire/kafka-error.ts";
import { LOG_END, LOG_START, listOffsets } from "../wire/list-offsets.ts";
import { readPartition } from "../wire/read-partition.ts";
import { retryFor } from "../wire/retry.ts";
import { isCompacted } from "./is-compacted.ts";

export interface OffsetRange {
  /** The first offset that is there. */
  readonly start: number;
  /** The last stable offset. */
  readonly end: number;
}

/** How long a question is asked again while the cluster does not answer. */
const ASK_MS = 15_000;
/** How long a single request may take. */
const REQUEST_MS = 15_000;

/** Connects when it is first asked something. Whatever may work later is tried again for some time. */
export class VerifiedCluster {
  /** How messages call it. */
  readonly name: string;
  readonly #connections: BrokerConnections;

  /** `purpose` is a part of how it names itself to brokers. */
  constructor(cluster: Cluster, link: string, purpose = "verify") {
    this.name = `cluster ${cluster.name} (${cluster.properties["bootstrap.servers"]})`;
    this.#connections = connectTo(cluster, { clientId: `strait-${link}-${purpose}`, timeoutMs: REQUEST_MS });
  }

  /** What is there of each partition of a topic. Rejects with `unknown-topic` where there is no such topic. */
  ranges(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    return this.#ask(async () => {
      const [found] = (await clusterMetadata(this.#connections, [topic])).topics;
      const errorCode = found?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
      if (errorCode === KAFKA_CODES.unknownTopicOrPartition) {
        throw new StraitError("unknown-topic", `${this.name} has no topic ${topic}`, { topic });
      }
      if (found === undefined || errorCode !== KAFKA_CODES.none) {
        throw kafkaError(errorCode, `cannot look up topic ${topic} on ${this.name}`, { topic });
      }
      const partitions = found.partitions.map(({ partitionIndex }) => partitionIndex);
      const wanted = new Map([[topic, partitions]]);
      const [starts, ends] = await listOffsets(this.#connections, wanted, [LOG_START, LOG_END]);
      return new Map(
        partitions.map((partition) => {
          const start = starts?.get(topic)?.get(partition);
          const end = ends?.get(topic)?.get(partition);
          if (start === undefined || end === undefined) {
            throw kafkaError(KAFKA_CODES.leaderNotAvailable, `cannot use ${topic}/${partition} on ${this.name}`, {
              topic,
            });
          }
          return [partition, { start, end }];
        }),
      );
    });
  }

  /** The first offset that a partition has now. */
  start(topic: string, partition: number): Promise<number> {
    return this.#ask(async () => {
      const [starts] = await listOffsets(this.#connections, new Map([[topic, [partition]]]), [LOG_START]);
      const start = starts?.get(topic)?.get(partition);
      if (start !== undefined) return start;
      throw new StraitError("unknown-topic", `${this.name} has no partition ${topic}/${partition} any more`, { topic });
    });
  }

  /** Where the mirrors that a link keeps here begin, by partition, as far as it has said so. */
  async begins(link: string, topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const group = groupOf(link);
    const committed = await this.#ask(() => groupOffsets(this.#connections, group, new Map([[topic, partitions]])));
    const begins = new Map<number, number>();
    for (const [partition, note] of committed.get(topic) ?? []) {
      begins.set(partition, (note && decodeNote(note.metadata)?.start) ?? 0);
    }
    return begins;
  }

  isCompacted(topic: string): Promise<boolean> {
    return this.#ask(() => isCompacted(this.#connections, topic));
  }

  /** The committed records of a range, see {@link readPartition}. */
  read(topic: string, partition: number, from: number, to: number): AsyncIterable<readonly RawRecord[]> {
    const connections = this.#connections;
    return readPartition({ cluster: this.name, connections, topic, partition }, from, to);
  }

  /** Ends what is under way. Twice is fine. */
  close(): void {
    this.#connections.close();
  }

  #ask<T>(attempt: () => Promise<T>): Promise<T> {
    return retryFor(ASK_MS, this.name, attempt);
  }
}

/**
 * Reads the raw batches of many partitions of one cluster: a few Fetch requests at a time to each broker, each for all
 * partitions that want something then. A broker answers the requests of one connection in order, so a request that waits
 * for records must not stand before one that would find some: hence more than one, of which one never waits.
 */

import { setTimeout as delay } from "node:timers/promises";
import { type ErrorFacts, StraitError } from "../model/errors.ts";
import { AnswerLease, AnswerMemory } from "../wire/answer-memory.ts";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import type { BrokerAddress } from "../wire/connection-options.ts";
import { Stretch } from "../wire/distance.ts";
import { type FetchedPartition, fetchPartitions } from "../wire/fetch.ts";
import { KAFKA_CODES, kafkaError } from "../wire/kafka-error.ts";
import type { PartitionLeaders } from "../wire/partition-leaders.ts";
import type { RawConnection } from "../wire/raw-connection.ts";
import { BatchSource, type FetchPosition } from "./batch-source.ts";

/** How long a broker holds a request back that finds nothing. */
const MAX_WAIT_MS = 500;
/** How soon partitions are looked at that may not wait at the broker, because as many requests as may wait there do. */
const LOOK_MS = 10;
/**
 * The most of an answer of a near broker (see {@link Stretch}). With what is around the batches, it fits into memory of 2 MiB
 * (see {@link AnswerMemory}).
 */
const ANSWER_BYTES = (2 << 20) - (64 << 10);
const HELD_BYTES = 96 << 20;

export interface BatchReaderOptions {
  /** One for each Fetch request that may be under way at a broker at the same time, two or more. */
  readonly connections: readonly BrokerConnections<RawConnection>[];
  readonly leaders: PartitionLeaders;
  /** What all partitions together may hold before nothing more is fetched; their windows are less. Default 96 MiB. */
  readonly heldBytes?: number;
  /** How long a broker holds a request back that finds nothing, milliseconds. Default 500. */
  readonly maxWaitMs?: number;
}

export class BatchReader {
  readonly #options: BatchReaderOptions;
  readonly #brokers = new Map<string, BrokerFetcher>();
  readonly #open = new Set<string>();
  readonly #memory = new AnswerMemory();
  #heldBytes = 0;

  constructor(options: BatchReaderOptions) {
    this.#options = options;
  }

  /**
   * Starts reading a partition. With `topicId` nothing is read of a topic made anew under the same name; that fails the
   * source, retriable. Rejects, retriable, without a leader, and with `conflict` if the partition is open.
   */
  async open(start: Omit<FetchPosition, "leaderEpoch">): Promise<BatchSource> {
    const { topic, partition } = start;
    const key = `${topic}/${partition}`;
    if (this.#open.has(key)) throw new StraitError("conflict", `${key} is already being read`);
    this.#open.add(key);
    try {
      const leader = await this.#options.leaders.of(topic, partition);
      const fetcher = this.#fetcherOf(leader.broker);
      const position = { ...start, leaderEpoch: leader.epoch };
      return new BatchSource(position, {
        want: (source) => fetcher.want(source),
        held: (bytes) => this.#hold(bytes),
        closed: () => this.#open.delete(key),
      });
    } catch (error) {
      this.#open.delete(key);
      throw error;
    }
  }

  /** Ends what is under way; sources that are open get nothing any more. */
  close(): void {
    for (const connections of this.#options.connections) connections.close();
  }

  #fetcherOf(broker: BrokerAddress): BrokerFetcher {
    const key = `${broker.host}:${broker.port}`;
    let fetcher = this.#brokers.get(key);
    if (fetcher === undefined) {
      const roomBytes = () => (this.#options.heldBytes ?? HELD_BYTES) - this.#heldBytes;
      fetcher = new BrokerFetcher(broker, this.#options, this.#memory, roomBytes);
      this.#brokers.set(key, fetcher);
    }
    return fetcher;
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes < 0) for (const fetcher of this.#brokers.values()) fetcher.wake();
  }
}

/** What an answer has. */
interface Found {
  /** By `topic/partition`. */
  readonly partitions: ReadonlyMap<string, FetchedPartition>;
  /** Whether there are records of any partition. */
  readonly some: boolean;
  readonly lease: AnswerLease;
}

/** The Fetch requests to one broker. */
class BrokerFetcher {
  readonly #broker: BrokerAddress;
  readonly #leaders: PartitionLeaders;
  readonly #free: BrokerConnections<RawConnection>[];
  readonly #memory: AnswerMemory;
  readonly #roomBytes: () => number;
  readonly #maxWaitMs: number;
  readonly #stretch = new Stretch();
  /** In the order in which they were served last, so that none starves behind one with large batches. */
  readonly #wanting = new Set<BatchSource>();
  /** How many more requests may wait at the broker for records. */
  #mayWait: number;
  #waking = false;
  #look: NodeJS.Timeout | null = null;

  constructor(
    broker: BrokerAddress,
    { connections, leaders, maxWaitMs = MAX_WAIT_MS }: BatchReaderOptions,
    memory: AnswerMemory,
    roomBytes: () => number,
  ) {
    this.#memory = memory;
    this.#broker = broker;
    this.#leaders = leaders;
    this.#free = [...connections];
    this.#mayWait = connections.length - 1;
    this.#maxWaitMs = maxWaitMs;
    this.#roomBytes = roomBytes;
  }

  want(source: BatchSource): void {
    this.#wanting.add(source);
    this.wake();
  }

  /** Sends requests at the next turn: all that want something by then share them. */
  wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      this.#send();
    });
  }

  #send(): void {
    const { caughtUp, behind } = this.#wanted();
    if (this.#mayWait > 0) this.#request(caughtUp, this.#maxWaitMs);
    else if (caughtUp.length > 0) this.#lookSoon();
    // On every connection that is free: where brokers are far away, waiting for one answer after the other takes the time.
    const share = Math.ceil(behind.length / Math.max(1, this.#free.length));
    for (let from = 0; from < behind.length; from += share) this.#request(behind.slice(from, from + share), 0);
  }

  /** What is caught up may have to look without waiting: the last connection is for those that find records at once. */
  #lookSoon(): void {
    this.#look ??= setTimeout(() => {
      this.#look = null;
      this.#request(this.#wanted().caughtUp, 0);
    }, LOOK_MS);
  }

  #wanted(): { readonly caughtUp: readonly BatchSource[]; readonly behind: readonly BatchSource[] } {
    const caughtUp: BatchSource[] = [];
    const behind: BatchSource[] = [];
    for (const source of this.#wanting) {
      if (source.closed) this.#wanting.delete(source);
      else (source.caughtUp ? caughtUp : behind).push(source);
    }
    return { caughtUp, behind };
  }

  /** Sends a request for these, where there are any, room, and a free connection. */
  #request(sources: readonly BatchSource[], maxWaitMs: number): void {
    if (sources.length === 0 || this.#roomBytes() <= 0) return;
    const connections = this.#free.pop();
    if (connections === undefined) return;
    for (const source of sources) this.#wanting.delete(source);
    if (maxWaitMs > 0) this.#mayWait--;
    void this.#fetch(connections, sources, maxWaitMs).finally(() => {
      if (maxWaitMs > 0) this.#mayWait++;
      this.#free.push(connections);
      this.wake();
    });
  }

  async #fetch(
    connections: BrokerConnections<RawConnection>,
    sources: readonly BatchSource[],
    maxWaitMs: number,
  ): Promise<void> {
    const positions = sources.map((source) => source.position);
    const lease = new AnswerLease(this.#memory);
    let throttleMs = 0;
    try {
      const connection = await connections.to(this.#broker);
      const { times } = this.#stretch;
      const sentAt = performance.now();
      const answer = await fetchPartitions(
        connection,
        positions.map(({ leaderEpoch, maxBytes, ...position }) => ({
          ...position,
          maxBytes: Math.floor(maxBytes * times),
          currentLeaderEpoch: leaderEpoch,
        })),
        { maxWaitMs, maxBytes: Math.min(Math.floor(ANSWER_BYTES * times), this.#roomBytes()), take: lease.take },
      );
      throttleMs = answer.throttleMs;
      const found: Found = {
        partitions: new Map(answer.partitions.map((each) => [`${each.topic}/${each.partition}`, each])),
        some: answer.partitions.some(({ records }) => records.length > 0),
        lease,
      };
      // One that waited for records says nothing of the way.
      if (maxWaitMs === 0 && found.some) {
        this.#stretch.answered(connection.roundTrip, performance.now() - sentAt, times);
      }
      for (const [i, source] of sources.entries()) this.#deliver(source, positions[i] as FetchPosition, found);
    } catch (error) {
      for (const { topic } of positions) this.#leaders.forget(topic);
      for (const source of sources) source.fail(error);
    }
    lease.release();
    // The broker has answered at once and reads nothing from this connection until then (KIP-219).
    if (throttleMs > 0) await delay(throttleMs);
  }

  #deliver(source: BatchSource, position: FetchPosition, { partitions, some, lease }: Found): void {
    const { topic, partition, offset } = position;
    const fetched = partitions.get(`${topic}/${partition}`);
    const errorCode = fetched?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
    if (fetched !== undefined && errorCode === KAFKA_CODES.none) {
      if (fetched.records.length === 0) source.deliverNothing(fetched, { othersHaveSome: some });
      else source.deliver(fetched, lease);
      return;
    }
    this.#leaders.forget(topic);
    const facts: ErrorFacts = { topic, partition, offset };
    source.fail(kafkaError(errorCode, `cannot read ${topic}/${partition} at offset ${offset}`, facts));
  }
}

/** Watches a topic fill, from outside: one light request to the destination every 10 ms. */

import { Connection, listOffsetsV4, metadataV8, ResponseError } from "@platformatic/kafka";
import { fetchBatches } from "../../test/support/raw-requests.ts";
import { decodeHeader, decodeRecords, splitBatches } from "../../test/support/record-batch.ts";
import type { TestCluster } from "../../test/support/test-cluster.ts";
import { keyOf, PARTITIONS } from "../orders.ts";

export interface WatchOptions {
  /** Orders 0 to this are to arrive. */
  readonly records: number;
  /** Markers of transactions take offsets too, so the end is told by the last order being there. */
  readonly transactional: boolean;
  /** Called once, at once when the first records are seen. */
  readonly onFirst: () => void;
  /** Ends the watch, which then rejects. */
  readonly signal: AbortSignal;
}

/** Times are of `performance.now()`. */
export interface CopyTimes {
  readonly firstAt: number;
  /** How many were there when the first were seen. */
  readonly firstRecords: number;
  readonly doneAt: number;
}

const POLL_MS = 10;
/** Longer than MirrorMaker takes to start on a slow machine. */
const STALL_MS = 120_000;
const READ_COMMITTED = 1;
const LOG_END = -1n;

/** Resolves when every record is there for readers of committed ones. Rejects when nothing happens for two minutes. */
export async function watchCopy(cluster: TestCluster, topic: string, options: WatchOptions): Promise<CopyTimes> {
  await using ends = new LogEnds(cluster, topic);
  let first: Pick<CopyTimes, "firstAt" | "firstRecords"> | null = null;
  let last = { total: 0, at: performance.now() };
  for (;;) {
    options.signal.throwIfAborted();
    const begun = performance.now();
    const found = await ends.read();
    const now = performance.now();
    const total = found.reduce((sum, end) => sum + end, 0);
    if (total > 0 && first === null) {
      options.onFirst();
      first = { firstAt: now, firstRecords: total };
    }
    if (first !== null && (await ends.complete(found, options))) return { ...first, doneAt: now };
    if (total !== last.total) last = { total, at: now };
    if (now - last.at > STALL_MS) throw new Error(`stood still at ${total} of ${options.records} records`);
    await Bun.sleep(Math.max(0, begun + POLL_MS - performance.now()));
  }
}

/** The order that ends a partition. */
export function lastOrder(partition: number, records: number): number {
  return records - 1 - ((records - 1 - partition) % PARTITIONS);
}

/** How many of the orders belong to a partition. */
export function ordersOf(partition: number, records: number): number {
  return Math.ceil((records - partition) / PARTITIONS);
}

/** The ends of a topic's partitions; the topic may come into being meanwhile. */
class LogEnds {
  readonly #cluster: TestCluster;
  readonly #topic: string;
  readonly #connections = new Map<string, Connection>();
  #leaders: ReadonlyMap<number, Connection> = new Map();

  constructor(cluster: TestCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** By partition: where the next committed record will be. All 0 as long as the topic is not there yet. */
  async read(): Promise<number[]> {
    const ends = new Array<number>(PARTITIONS).fill(0);
    try {
      if (this.#leaders.size < PARTITIONS) await this.#findLeaders();
      const partitionsOf = Map.groupBy(this.#leaders, ([, connection]) => connection);
      for (const [connection, led] of partitionsOf) {
        const partitions = led.map(([partitionIndex]) => ({
          partitionIndex,
          currentLeaderEpoch: -1,
          timestamp: LOG_END,
        }));
        const topics = [{ name: this.#topic, partitions }];
        const answer = await listOffsetsV4.api.async(connection, -1, READ_COMMITTED, topics);
        for (const { partitionIndex, offset } of answer.topics[0]?.partitions ?? []) {
          ends[partitionIndex] = Number(offset);
        }
      }
    } catch (error) {
      // A topic that is being made: unknown to the broker or without leaders. Standing still for long ends the watch.
      if (!(error instanceof ResponseError)) throw error;
    }
    return ends;
  }

  /** Whether these ends are those of a whole copy. Throws where there is more than there should be. */
  async complete(ends: readonly number[], { records, transactional }: WatchOptions): Promise<boolean> {
    const missing = ends.map((end, partition) => ordersOf(partition, records) - end);
    if (missing.some((count) => count > 0)) return false;
    if (!transactional) {
      const extra = -missing.reduce((sum, count) => sum + count, 0);
      if (extra > 0) throw new Error(`${extra} records more than there are at the source`);
      return true;
    }
    for (const [partition, end] of ends.entries()) {
      if ((await this.#lastKey(partition, end)) !== keyOf(lastOrder(partition, records))) return false;
    }
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections.values()) await connection.close();
  }

  async #lastKey(partition: number, end: number): Promise<string | null> {
    const connection = this.#leaders.get(partition);
    if (connection === undefined) return null;
    // The marker that made the records readable is the last offset.
    const wanted = { topic: this.#topic, partition, offset: Math.max(0, end - 2), isolation: READ_COMMITTED } as const;
    const { records } = await fetchBatches.async(connection, wanted);
    const batch = splitBatches(records).find((each) => !decodeHeader(each).control);
    const key = batch && decodeRecords(this.#topic, partition, batch).at(-1)?.key;
    return key ? new TextDecoder().decode(key) : null;
  }

  async #findLeaders(): Promise<void> {
    const [first = ""] = this.#cluster.bootstrap.split(",");
    const bootstrap = await this.#connection(first);
    const { brokers, topics } = await metadataV8.api.async(bootstrap, [this.#topic], false);
    const leaders = new Map<number, Connection>();
    for (const { partitionIndex, leaderId } of topics[0]?.partitions ?? []) {
      const broker = brokers.find(({ nodeId }) => nodeId === leaderId);
      if (broker) leaders.set(partitionIndex, await this.#connection(`${broker.host}:${broker.port}`));
    }
    this.#leaders = leaders;
  }

  async #connection(address: string): Promise<Connection> {
    const existing = this.#connections.get(address);
    if (existing) return existing;
    const connection = new Connection("strait-bench", { requestTimeout: 60_000 });
    connection.on("error", () => {}); // whoever waits for an answer gets the same error
    const colon = address.lastIndexOf(":");
    await connection.connect(address.slice(0, colon), Number(address.slice(colon + 1)));
    this.#connections.set(address, connection);
    return connection;
  }
}

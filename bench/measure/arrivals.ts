/** A reader that notes when each order of a paced load becomes readable at a topic. */

import { BrokerConnection } from "../../src/wire/broker-connection.ts";
import { connectionSettings } from "../../src/wire/connection-options.ts";
import { decodeRecords } from "../../src/wire/decode-records.ts";
import { fetchPartitions } from "../../src/wire/fetch.ts";
import { splitBatches } from "../../src/wire/split-batches.ts";
import { PARTITIONS } from "../orders.ts";
import { wallClock } from "./wall-clock.ts";

const MAX_WAIT_MS = 500;
const MAX_BYTES = 1 << 20;
const TIMEOUT_MS = 60_000;
/** How soon a topic that is not there yet is looked for again. */
const ABSENT_MS = 50;

const text = new TextDecoder();

export class Arrivals {
  /** Records of any kind, by partition. */
  readonly counts = new Array<number>(PARTITIONS).fill(0);
  /** Milliseconds from making to reading, by the order's number. */
  readonly latencies = new Map<number, number>();
  readonly #connection: BrokerConnection;
  readonly #topic: string;
  readonly #next = new Array<number>(PARTITIONS).fill(0);
  #closed = false;
  /** Rejects when reading is over because of an error. */
  readonly failed: Promise<never>;

  private constructor(connection: BrokerConnection, topic: string) {
    this.#connection = connection;
    this.#topic = topic;
    this.failed = new Promise((_, reject) => this.#read().catch(reject));
    this.failed.catch(() => {}); // whoever awaits it gets it
  }

  /** Reads the topic from its beginning, as soon as it is there, with one request that waits at the broker. */
  static async of(bootstrap: string, topic: string): Promise<Arrivals> {
    const settings = await connectionSettings({ "bootstrap.servers": bootstrap });
    const [broker] = settings.bootstrap;
    if (broker === undefined) throw new Error("no broker");
    return new Arrivals(await BrokerConnection.open(broker, bootstrap, settings, TIMEOUT_MS), topic);
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
  }

  async #read(): Promise<void> {
    while (!this.#closed) {
      const wanted = this.#next.map((offset, partition) => ({
        topic: this.#topic,
        partition,
        offset,
        maxBytes: MAX_BYTES,
      }));
      const { partitions } = await fetchPartitions(this.#connection, wanted, { maxWaitMs: MAX_WAIT_MS }).catch(
        (error: unknown) => {
          if (!this.#closed) throw error;
          return { partitions: [] };
        },
      );
      const now = wallClock();
      for (const { partition, records } of partitions) this.#take(partition, records, now);
      if (partitions.some(({ errorCode }) => errorCode !== 0)) await Bun.sleep(ABSENT_MS);
    }
  }

  #take(partition: number, bytes: Buffer, now: number): void {
    for (const batch of splitBatches(bytes)) {
      if (batch.magic !== 2) throw new Error("an old batch");
      this.#next[partition] = batch.lastOffset + 1;
      if (batch.control) continue;
      const records = decodeRecords(batch);
      this.counts[partition] = (this.counts[partition] ?? 0) + records.length;
      for (const { value } of records) {
        const { id, sentAt } = JSON.parse(text.decode(value ?? undefined)) as { id: number; sentAt?: number };
        if (sentAt !== undefined && !this.latencies.has(id)) this.latencies.set(id, now - sentAt);
      }
    }
  }
}

/** Reads the committed records of a range of offsets. */

import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { byLeader } from "./cluster-metadata.ts";
import { type CommittedBatch, committedBatches } from "./committed-batches.ts";
import { type RawRecord, rawRecords } from "./decode-records.ts";
import { type FetchedPartition, fetchPartitions } from "./fetch.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { retryFor } from "./retry.ts";

export interface PartitionToRead {
  /** How messages call the cluster. */
  readonly cluster: string;
  readonly connections: BrokerConnections;
  readonly topic: string;
  readonly partition: number;
  /** How long a fetch is tried while the cluster does not answer, milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

const FETCH_BYTES = 4 << 20;
const TIMEOUT_MS = 60_000;
/** What is read is there already; a broker only makes one wait that is not up to date, as after a change of leaders. */
const MAX_WAIT_MS = 500;

/**
 * The records at offsets from `from` up to `to`, which must not be above the last stable offset, in order and one list for
 * each batch; none where there are none. One fetch is always ahead of what was taken. Rejects with `offset-out-of-range`
 * where records are deleted meanwhile.
 */
export async function* readPartition(
  source: PartitionToRead,
  from: number,
  to: number,
): AsyncGenerator<readonly RawRecord[], void, undefined> {
  const fetcher = new PartitionFetcher(source);
  let ahead: Promise<readonly CommittedBatch[]> | null = from < to ? fetcher.fetch(from, to) : null;
  while (ahead !== null) {
    const batches = await ahead;
    const next = batches.at(-1)?.nextOffset ?? to;
    ahead = next < to ? fetcher.fetch(next, to) : null;
    // Whoever stops taking leaves it alone, and then nobody hears of its failure.
    ahead?.catch(() => {});
    for (const { batch } of batches) {
      if (batch === null) continue;
      // A broker answers with whole batches, so the first may begin before what was asked for and the last end behind it.
      const records = [...rawRecords(batch)];
      yield records.filter(({ offset }) => offset >= from && offset < to);
    }
  }
}

/** Fetches from whoever leads the partition, which is looked up again after a failure. */
class PartitionFetcher {
  readonly #source: PartitionToRead;
  #leader: BrokerConnection | null = null;

  constructor(source: PartitionToRead) {
    this.#source = source;
  }

  /** The batches of one answer from an offset on; none where there are none up to `to`. */
  fetch(offset: number, to: number): Promise<readonly CommittedBatch[]> {
    const { cluster, timeoutMs = TIMEOUT_MS } = this.#source;
    return retryFor(timeoutMs, cluster, async () => {
      try {
        return await this.#fetchOnce(offset, to);
      } catch (error) {
        this.#leader = null;
        throw error;
      }
    });
  }

  async #fetchOnce(offset: number, to: number): Promise<readonly CommittedBatch[]> {
    const { topic, partition } = this.#source;
    this.#leader ??= await this.#findLeader();
    const wanted = [{ topic, partition, offset, maxBytes: FETCH_BYTES }];
    const [fetched] = (await fetchPartitions(this.#leader, wanted, { maxWaitMs: MAX_WAIT_MS })).partitions;
    if (fetched === undefined || fetched.errorCode !== KAFKA_CODES.none) throw this.#failure(fetched, offset);
    const batches = [...committedBatches(fetched)].filter(({ nextOffset }) => nextOffset > offset);
    // All that a compacted log had up to its end may be gone. A broker that is behind would answer the same.
    if (batches.length > 0 || fetched.lastStableOffset >= to) return batches;
    const { cluster } = this.#source;
    const facts = { topic, partition, offset };
    throw new StraitError(
      "kafka",
      `${cluster} ends ${topic}/${partition} at offset ${fetched.lastStableOffset}, before ${to} where it did: it lost records`,
      { ...facts, retriable: true },
    );
  }

  async #findLeader(): Promise<BrokerConnection> {
    const { connections, topic, partition } = this.#source;
    const [share] = await byLeader(connections, new Map([[topic, [partition]]]));
    if (share === undefined) throw this.#failure(undefined, 0);
    return share.leader;
  }

  #failure(fetched: FetchedPartition | undefined, offset: number): StraitError {
    const { cluster, topic, partition } = this.#source;
    const errorCode = fetched?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
    const failed = `${cluster} does not answer ${topic}/${partition} from offset ${offset}`;
    const expired = errorCode === KAFKA_CODES.offsetOutOfRange ? "records were deleted meanwhile; verify again" : null;
    return kafkaError(errorCode, failed, { topic, partition, offset }, expired);
  }
}

/** Writing a few records to a partition, at least once. */

import type { BrokerConnections } from "./broker-connections.ts";
import type { DecodedRecord } from "./decode-records.ts";
import { encodeBatches } from "./encode-batches.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import type { PartitionLeaders } from "./partition-leaders.ts";
import { produceBatch } from "./produce.ts";
import { retryFor } from "./retry.ts";

export interface RecordsToProduce {
  readonly topic: string;
  readonly partition: number;
  /** Their offsets are given by the broker. */
  readonly records: readonly Omit<DecodedRecord, "offset">[];
}

const TIMEOUT_MS = 15_000;

/** Resolves once all replicas in sync have them. Tries again for 15 s, so some may be there twice. */
export async function produceRecords(
  connections: BrokerConnections,
  leaders: PartitionLeaders,
  { topic, partition, records }: RecordsToProduce,
): Promise<void> {
  const where = `${topic}/${partition}`;
  for (const batch of encodeBatches(records.map((record, offset) => ({ ...record, offset })))) {
    await retryFor(TIMEOUT_MS, `the leader of ${where}`, async () => {
      try {
        const { broker } = await leaders.of(topic, partition);
        const answer = await produceBatch(await connections.to(broker), { topic, partition, batch });
        if (answer.errorCode === KAFKA_CODES.none) return;
        throw kafkaError(answer.errorCode, `cannot write to ${where}`, { topic, partition }, answer.errorMessage);
      } catch (error) {
        leaders.forget(topic);
        throw error;
      }
    });
  }
}

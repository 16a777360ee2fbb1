/** What a partition knows of those who write to it. */

import { describeProducersV0 } from "@platformatic/kafka";
import { offsetFromBigInt } from "../model/offset.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** An idempotent or transactional producer that the partition has not forgotten. */
export interface ActiveProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** The sequence of its last record; -1 where only markers are known of it. */
  readonly lastSequence: number;
  /** -1 where it has had no transaction. */
  readonly coordinatorEpoch: number;
  /** Where its open transaction begins, `null` where none is open. */
  readonly transactionStart: number | null;
}

/** The producers of a partition, in no particular order. */
export async function describeProducers(
  leader: BrokerConnection,
  topic: string,
  partition: number,
): Promise<readonly ActiveProducer[]> {
  const answer = await leader.request(describeProducersV0.api, [{ name: topic, partitionIndexes: [partition] }]);
  const described = answer.topics[0]?.partitions[0];
  const errorCode = described?.errorCode ?? KAFKA_CODES.unknownTopicOrPartition;
  if (described === undefined || errorCode !== KAFKA_CODES.none) {
    const failed = `cannot ask ${leader.address} for the producers of ${topic}/${partition}`;
    throw kafkaError(errorCode, failed, { topic, partition }, described?.errorMessage);
  }
  return described.activeProducers.map(
    ({ producerId, producerEpoch, lastSequence, coordinatorEpoch, currentTxnStartOffset: start }) => {
      const transactionStart = start < 0n ? null : offsetFromBigInt(start);
      return { producerId, producerEpoch, lastSequence, coordinatorEpoch, transactionStart };
    },
  );
}

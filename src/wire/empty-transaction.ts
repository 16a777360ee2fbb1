/** One offset by way of a transaction without content: what is left where writing markers is not allowed. */

import { setTimeout as delay } from "node:timers/promises";
import { addPartitionsToTxnV1, endTxnV1 } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import type { ProducerIdentity } from "./init-producer-id.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";
import { logEnd } from "./log-end.ts";

export interface EmptyTransaction {
  readonly transactionalId: string;
  /** From `initProducerId`, and not in a transaction. */
  readonly producer: ProducerIdentity;
  readonly topic: string;
  readonly partition: number;
  /** How long to wait for the transaction before to be over, and for the marker of this one. */
  readonly timeoutMs: number;
}

/** What a coordinator answers while it writes the markers of the transaction before. */
const CONCURRENT_TRANSACTIONS = 51;
const PAUSE_MS = 1;

/**
 * Aborts a transaction with this partition in it and nothing else, waits until the marker is there, and returns the log
 * end: one more than before, if nobody else writes. Rejects with `timeout`, retriable, if the marker does not come; it may
 * still come later.
 */
export async function appendEmptyTransaction(
  coordinator: BrokerConnection,
  leader: BrokerConnection,
  transaction: EmptyTransaction,
): Promise<number> {
  const { transactionalId, producer, topic, partition } = transaction;
  const deadline = Date.now() + transaction.timeoutMs;
  const before = await logEnd(leader, topic, partition);
  let errorCode = await addPartition(coordinator, transaction);
  while (errorCode === CONCURRENT_TRANSACTIONS && Date.now() < deadline) {
    await delay(PAUSE_MS);
    errorCode = await addPartition(coordinator, transaction);
  }
  check(errorCode, transaction);
  const { producerId, producerEpoch } = producer;
  const ended = await coordinator.request(endTxnV1.api, transactionalId, producerId, producerEpoch, false);
  check(ended.errorCode, transaction);
  for (;;) {
    const end = await logEnd(leader, topic, partition);
    if (end > before) return end;
    if (Date.now() >= deadline) throw noMarker(transaction);
    await delay(PAUSE_MS);
  }
}

/** The error number. */
async function addPartition(coordinator: BrokerConnection, transaction: EmptyTransaction): Promise<number> {
  const { transactionalId, producer, topic, partition } = transaction;
  const topics = [{ name: topic, partitions: [partition] }];
  const answer = await coordinator.request(addPartitionsToTxnV1.api, [
    { transactionalId, ...producer, verifyOnly: false, topics },
  ]);
  const added = answer.resultsByTransaction[0]?.topicResults[0]?.resultsByPartition[0];
  return added?.partitionErrorCode ?? KAFKA_CODES.unknownTopicOrPartition;
}

function check(errorCode: number, { topic, partition, transactionalId }: EmptyTransaction): void {
  if (errorCode === KAFKA_CODES.none) return;
  const failed = `cannot abort an empty transaction of ${transactionalId} in ${topic}/${partition}`;
  throw kafkaError(errorCode, failed, { topic, partition });
}

function noMarker({ topic, partition, timeoutMs }: EmptyTransaction): StraitError {
  const message = `the marker of an empty transaction is not in ${topic}/${partition} after ${timeoutMs} ms`;
  return new StraitError("timeout", message, { topic, partition, retriable: true });
}

/** Producer ids handed out by a cluster. */

import { initProducerIdV1 } from "@platformatic/kafka";
import type { BrokerConnection } from "./broker-connection.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * A new id for an idempotent producer (`transactionalId` null, any broker), or the id of a transactional one with an epoch
 * that shuts out whoever had it before and aborts what they left open (its coordinator). `transactionTimeoutMs` is how
 * long a transaction may be open before the coordinator aborts it. Rejects, retriable, while such an abort is under way.
 */
export async function initProducerId(
  broker: BrokerConnection,
  transactionalId: string | null,
  transactionTimeoutMs: number,
): Promise<ProducerIdentity> {
  const answer = await broker.request(initProducerIdV1.api, transactionalId, transactionTimeoutMs);
  if (answer.errorCode !== KAFKA_CODES.none) {
    throw kafkaError(answer.errorCode, `cannot get a producer id from ${broker.address}`);
  }
  return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
}

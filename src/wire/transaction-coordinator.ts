/** The broker that keeps a transactional id. */

import { findCoordinatorV2 } from "@platformatic/kafka";
import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** FindCoordinator's key type for transactional ids. */
const TRANSACTION = 1;

/** A connection to the coordinator. Rejects, retriable, while there is none. */
export async function transactionCoordinator(
  connections: BrokerConnections,
  transactionalId: string,
): Promise<BrokerConnection> {
  const failed = `cannot find the coordinator of transactional id ${transactionalId}`;
  const broker = await connections.toAny();
  const [found] = (await broker.request(findCoordinatorV2.api, TRANSACTION, [transactionalId])).coordinators;
  if (found === undefined) throw kafkaError(KAFKA_CODES.coordinatorNotAvailable, failed);
  if (found.errorCode !== KAFKA_CODES.none) throw kafkaError(found.errorCode, failed, {}, found.errorMessage);
  return await connections.to(found);
}

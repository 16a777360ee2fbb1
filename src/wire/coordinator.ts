/** The broker that keeps a consumer group or a transactional id. */

import { findCoordinatorV2 } from "@platformatic/kafka";
import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** FindCoordinator's key types. */
const KEY_TYPES = { group: 0, "transactional id": 1 } as const;

/** A connection to the coordinator. Rejects, retriable, while there is none. */
export async function coordinatorOf(
  connections: BrokerConnections,
  kind: keyof typeof KEY_TYPES,
  key: string,
): Promise<BrokerConnection> {
  const failed = `cannot find the coordinator of ${kind} ${key}`;
  const broker = await connections.toAny();
  const [found] = (await broker.request(findCoordinatorV2.api, KEY_TYPES[kind], [key])).coordinators;
  if (found === undefined) throw kafkaError(KAFKA_CODES.coordinatorNotAvailable, failed);
  if (found.errorCode !== KAFKA_CODES.none) throw kafkaError(found.errorCode, failed, {}, found.errorMessage);
  return await connections.to(found);
}

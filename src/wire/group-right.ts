/** Whether a client may be a member of a consumer group. */

import { heartbeatV4 } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { coordinatorOf } from "./coordinator.ts";
import { KAFKA_CODES, kafkaError } from "./kafka-error.ts";

/** In no generation of any group. */
const NO_GENERATION = -1;

/**
 * Rejects with `authorization-failed` without the right, and with what keeps the group from being asked. A heartbeat of
 * nobody tells: the coordinator looks at rights before it looks for the member (KafkaApis.handleHeartbeatRequest).
 */
export async function requireGroupRight(connections: BrokerConnections, group: string): Promise<void> {
  const denied = () =>
    kafkaError(
      KAFKA_CODES.groupAuthorizationFailed,
      `cannot be a member of group ${group} (it needs the right to READ it)`,
    );
  try {
    const coordinator = await coordinatorOf(connections, "group", group);
    const { errorCode } = await coordinator.request(heartbeatV4.api, group, NO_GENERATION, "nobody");
    if (errorCode === KAFKA_CODES.groupAuthorizationFailed) throw denied();
  } catch (error) {
    // Who may not even know the group is told so one request earlier.
    throw error instanceof StraitError && error.code === "authorization-failed" ? denied() : error;
  }
}

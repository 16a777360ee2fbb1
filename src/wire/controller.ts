/** The broker that takes requests which change topics. */

import type { BrokerConnection } from "./broker-connection.ts";
import type { BrokerConnections } from "./broker-connections.ts";
import { clusterMetadata } from "./cluster-metadata.ts";

/** A connection to the controller, or to any broker where none is named: those pass such requests on themselves. */
export async function controllerOf(connections: BrokerConnections): Promise<BrokerConnection> {
  const { brokers, controllerId } = await clusterMetadata(connections, []);
  const controller = brokers.find(({ nodeId }) => nodeId === controllerId);
  return await (controller === undefined ? connections.toAny() : connections.to(controller));
}

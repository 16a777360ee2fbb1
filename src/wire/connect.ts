/** Connections to the brokers of a cluster as an operator describes it. */

import type { Cluster } from "../config/resources.ts";
import { resolveProperties } from "../config/secret-reference.ts";
import { BrokerConnection } from "./broker-connection.ts";
import { BrokerConnections } from "./broker-connections.ts";
import { type ConnectionSettings, connectionSettings } from "./connection-options.ts";
import { RawConnection } from "./raw-connection.ts";

export interface ConnectOptions {
  /** How the client names itself to brokers. Default: the cluster's `client.id`, then `strait`. */
  readonly clientId?: string;
  /** The longest that connecting and each request may take, milliseconds. */
  readonly timeoutMs: number;
}

/** Connects when asked for a connection; secrets are resolved then, each time. */
export function connectTo(cluster: Cluster, { clientId, timeoutMs }: ConnectOptions): BrokerConnections {
  return new BrokerConnections({
    settings: () => settingsOf(cluster, clientId),
    timeoutMs,
    open: BrokerConnection.open,
  });
}

/** The same, for what is large. */
export function connectRaw(
  cluster: Cluster,
  { clientId, timeoutMs }: ConnectOptions,
): BrokerConnections<RawConnection> {
  return new BrokerConnections({ settings: () => settingsOf(cluster, clientId), timeoutMs, open: RawConnection.open });
}

async function settingsOf(cluster: Cluster, clientId: string | undefined): Promise<ConnectionSettings> {
  const settings = await connectionSettings(await resolveProperties(cluster.properties));
  return clientId === undefined ? settings : { ...settings, clientId };
}

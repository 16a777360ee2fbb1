/** Connections to the brokers of a cluster as an operator describes it. */

import type { Cluster } from "../config/resources.ts";
import { resolveProperties } from "../config/secret-reference.ts";
import { BrokerConnections } from "./broker-connections.ts";
import { connectionSettings } from "./connection-options.ts";

export interface ConnectOptions {
  /** How the client names itself to brokers. Default: the cluster's `client.id`, then `strait`. */
  readonly clientId?: string;
  /** The longest that connecting and each request may take, milliseconds. */
  readonly timeoutMs: number;
  /** Requests that may wait for answers on one connection. Default 5. */
  readonly inFlight?: number;
}

/** Connects when asked for a connection; secrets are resolved then, each time. */
export function connectTo(cluster: Cluster, { clientId, timeoutMs, inFlight }: ConnectOptions): BrokerConnections {
  const settings = async () => {
    const found = await connectionSettings(await resolveProperties(cluster.properties));
    return {
      ...found,
      clientId: clientId ?? found.clientId,
      optionsFor: (host: string) => ({
        ...found.optionsFor(host),
        ...(inFlight === undefined ? {} : { maxInflights: inFlight }),
      }),
    };
  };
  return new BrokerConnections({ settings, timeoutMs });
}

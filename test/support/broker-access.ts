/** strait's own connections to a test cluster, for tests of its wire pieces. */

import { BrokerConnection } from "../../src/wire/broker-connection.ts";
import { BrokerConnections } from "../../src/wire/broker-connections.ts";
import { byLeader } from "../../src/wire/cluster-metadata.ts";
import { connectionSettings } from "../../src/wire/connection-options.ts";
import type { TestCluster } from "./test-cluster.ts";

export interface BrokerAccess extends AsyncDisposable {
  readonly connections: BrokerConnections;
  /** A connection to the leader of partition 0 of a topic. */
  leaderOf(topic: string): Promise<BrokerConnection>;
}

/** Connections that close themselves at the end of the block that holds them (`await using`). */
export function brokerAccess(cluster: TestCluster): BrokerAccess {
  const settings = () => connectionSettings({ "bootstrap.servers": cluster.bootstrap });
  const connections = new BrokerConnections({ settings, timeoutMs: 30_000, open: BrokerConnection.open });
  return {
    connections,
    leaderOf: async (topic) => {
      const [share] = await byLeader(connections, new Map([[topic, [0]]]));
      if (share === undefined) throw new Error(`there is no topic ${topic}`);
      return share.leader;
    },
    [Symbol.asyncDispose]: async () => connections.close(),
  };
}

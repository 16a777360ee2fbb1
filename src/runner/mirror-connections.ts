/** What the mirrors of a link have open towards the two clusters beside the ordinary clients: plain connections for batches. */

import type { Cluster } from "../config/resources.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import type { HoleCapabilities } from "../sinks/hole-filler.ts";
import { BatchReader } from "../sources/batch-reader.ts";
import type { BrokerConnection } from "../wire/broker-connection.ts";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import { connectRaw, connectTo } from "../wire/connect.ts";
import { coordinatorOf } from "../wire/coordinator.ts";
import { type Leader, PartitionLeaders } from "../wire/partition-leaders.ts";
import type { RawConnection } from "../wire/raw-connection.ts";
import { once } from "./once.ts";

/** Fetch requests under way at each broker. */
const FETCHES = 2;
/** A broker answers one request of a connection at a time, so partitions are spread over several. */
const WRITERS = 4;
/** A frozen broker is noticed this late; brokers are asked to give up replicating before (`produceBatch`). */
const TIMEOUT_MS = 20_000;

/** A partition at the broker that leads it. */
export interface LedPartition {
  readonly connection: BrokerConnection;
  /** On which all its batches are sent, in order. */
  readonly writer: RawConnection;
  readonly leader: Leader;
}

/** Plain connections to the brokers of a cluster, and who leads which of its partitions. */
export interface BatchConnections {
  readonly connections: BrokerConnections;
  readonly leaders: PartitionLeaders;
}

export class MirrorConnections {
  readonly reader: BatchReader;
  readonly source: BatchConnections;
  readonly destination: BatchConnections;
  /** Found out when first asked, then changed where it turns out to be otherwise. */
  readonly holes: () => Promise<HoleCapabilities>;
  readonly #writers: readonly BrokerConnections<RawConnection>[];

  constructor(plan: LinkPlan, destination: ClusterClient) {
    const options = ({ properties }: Cluster) => {
      return { clientId: properties["client.id"] ?? `strait-${plan.link.name}`, timeoutMs: TIMEOUT_MS };
    };
    const several = (count: number, cluster: Cluster) =>
      Array.from({ length: count }, () => connectRaw(cluster, options(cluster)));
    const batchConnections = (cluster: Cluster): BatchConnections => {
      const connections = connectTo(cluster, options(cluster));
      return { connections, leaders: new PartitionLeaders(connections) };
    };
    this.source = batchConnections(plan.source);
    this.destination = batchConnections(plan.destination);
    this.reader = new BatchReader({ connections: several(FETCHES, plan.source), leaders: this.source.leaders });
    this.#writers = several(WRITERS, plan.destination);
    this.holes = once(async () => {
      const { markers } = await destination.capabilities();
      return { markers: markers.usable };
    });
  }

  /** Connections to the leader of a mirror partition. */
  async mirrorPartition(topic: string, partition: number): Promise<LedPartition> {
    const leader = await this.destination.leaders.of(topic, partition);
    const writers = this.#writers[(textHash(topic) + partition) % WRITERS] as BrokerConnections<RawConnection>;
    const [connection, writer] = await Promise.all([
      this.destination.connections.to(leader.broker),
      writers.to(leader.broker),
    ]);
    return { leader, connection, writer };
  }

  /** The broker that keeps a transactional id at the destination. */
  coordinator(transactionalId: string): Promise<BrokerConnection> {
    return coordinatorOf(this.destination.connections, "transactional id", transactionalId);
  }

  close(): void {
    this.reader.close();
    this.source.connections.close();
    this.destination.connections.close();
    for (const writers of this.#writers) writers.close();
  }
}

/** Spreads topics, so that partition 0 of all of them is not on one connection. */
function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) >>> 0;
  return hash;
}

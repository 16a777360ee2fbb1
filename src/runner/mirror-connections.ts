/** What the mirrors of a link have open towards the two clusters beside the ordinary clients: plain connections for batches. */

import type { Cluster } from "../config/resources.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import type { HoleCapabilities } from "../sinks/hole-filler.ts";
import { BatchReader } from "../sources/batch-reader.ts";
import type { BrokerConnection } from "../wire/broker-connection.ts";
import type { BrokerConnections } from "../wire/broker-connections.ts";
import type { ClusterClient } from "../wire/cluster-client.ts";
import { connectTo } from "../wire/connect.ts";
import { coordinatorOf } from "../wire/coordinator.ts";
import { type Leader, PartitionLeaders } from "../wire/partition-leaders.ts";
import { once } from "./once.ts";

/** Fetch requests under way at each broker. */
const FETCHES = 3;
/** A broker answers one request of a connection at a time, so partitions are spread over several. */
const WRITERS = 4;
/** Five of each partition, and there may be many partitions. */
const IN_FLIGHT = 1024;
/** A frozen broker is noticed this late; brokers are asked to give up replicating before (`produceBatch`). */
const TIMEOUT_MS = 20_000;

/** A partition at the broker that leads it. */
export interface LedPartition {
  readonly connection: BrokerConnection;
  readonly leader: Leader;
}

export class MirrorConnections {
  readonly reader: BatchReader;
  readonly source: { readonly connections: BrokerConnections; readonly leaders: PartitionLeaders };
  readonly destinationLeaders: PartitionLeaders;
  /** Found out when first asked, then changed where it turns out to be otherwise. */
  readonly holes: () => Promise<HoleCapabilities>;
  readonly #writers: readonly BrokerConnections[];

  constructor(plan: LinkPlan, destination: ClusterClient) {
    const named = (cluster: Cluster, inFlight?: number) => {
      const clientId = cluster.properties["client.id"] ?? `strait-${plan.link.name}`;
      return connectTo(cluster, { clientId, timeoutMs: TIMEOUT_MS, ...(inFlight === undefined ? {} : { inFlight }) });
    };
    const sourceConnections = named(plan.source);
    this.source = { connections: sourceConnections, leaders: new PartitionLeaders(sourceConnections) };
    this.reader = new BatchReader({
      connections: Array.from({ length: FETCHES }, () => named(plan.source)),
      leaders: this.source.leaders,
    });
    this.#writers = Array.from({ length: WRITERS }, () => named(plan.destination, IN_FLIGHT));
    this.destinationLeaders = new PartitionLeaders(this.#anyWriter);
    this.holes = once(async () => {
      const { markers } = await destination.capabilities();
      return { markers: markers.usable };
    });
  }

  /** The connection on which everything of a mirror partition is written, in order. */
  async mirrorPartition(topic: string, partition: number): Promise<LedPartition> {
    const leader = await this.destinationLeaders.of(topic, partition);
    const writer = this.#writers[(textHash(topic) + partition) % WRITERS] ?? this.#anyWriter;
    return { leader, connection: await writer.to(leader.broker) };
  }

  /** The broker that keeps a transactional id at the destination. */
  coordinator(transactionalId: string): Promise<BrokerConnection> {
    return coordinatorOf(this.#anyWriter, "transactional id", transactionalId);
  }

  close(): void {
    this.reader.close();
    this.source.connections.close();
    for (const writer of this.#writers) writer.close();
  }

  get #anyWriter(): BrokerConnections {
    return this.#writers[0] as BrokerConnections;
  }
}

/** Spreads topics, so that partition 0 of all of them is not on one connection. */
function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) >>> 0;
  return hash;
}

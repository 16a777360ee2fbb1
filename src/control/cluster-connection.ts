/** What the control process asks clusters, and the connections it keeps for that. */

import type { Cluster } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { Capabilities } from "../wire/capabilities.ts";
import type { GroupHolder } from "../wire/group-holders.ts";

export interface OffsetRange {
  /** The first offset there is. */
  readonly start: number;
  /** The last stable offset: one after the last record a read_committed reader can see. */
  readonly end: number;
}

export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string | null;
}

/** By topic, then partition. */
export type ByPartition<T> = ReadonlyMap<string, ReadonlyMap<number, T>>;

/** The part of a cluster client that the control process uses. */
export interface ClusterConnection {
  check(timeoutMs: number): Promise<unknown>;
  topics(): Promise<readonly { readonly name: string; readonly partitions: number; readonly internal: boolean }[]>;
  partitionCount(topic: string): Promise<number | null>;
  partitionOffsets(wanted: ReadonlyMap<string, number[]>): Promise<ByPartition<OffsetRange>>;
  committedOffsets(
    group: string,
    wanted: ReadonlyMap<string, readonly number[]>,
  ): Promise<ByPartition<CommittedOffset | null>>;
  groupHolders(group: string): Promise<ByPartition<GroupHolder>>;
  timestampAt(topic: string, partition: number, offset: number): Promise<number | null>;
  /** The committed records of a partition as it is now, one list for each batch; none of a topic that is missing. */
  readPartition(topic: string, partition: number): AsyncIterable<readonly { readonly value: Uint8Array | null }[]>;
  capabilities(): Promise<Capabilities>;
  close(): unknown;
}

/** Makes a connection of its own to a cluster; nothing is sent before the first request. */
export type Connect = (cluster: Cluster) => ClusterConnection;

/** One connection per cluster, made when first needed and again when the cluster's properties change. */
export class ClusterConnections {
  readonly #connect: Connect;
  readonly #open = new Map<string, { readonly cluster: Cluster; readonly connection: ClusterConnection }>();

  #closed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** The connection to a cluster. It belongs to this object: do not close it. */
  to(cluster: Cluster): ClusterConnection {
    if (this.#closed) throw new StraitError("closed", "strait is shutting down");
    const known = this.#open.get(cluster.name);
    if (known !== undefined && JSON.stringify(known.cluster) === JSON.stringify(cluster)) return known.connection;
    const connection = this.#connect(cluster);
    this.#open.set(cluster.name, { cluster, connection });
    known?.connection.close();
    return connection;
  }

  /** Connects anew and throws what the brokers say if that fails. */
  async check(cluster: Cluster, timeoutMs: number): Promise<void> {
    const connection = this.#connect(cluster);
    try {
      await connection.check(timeoutMs);
    } finally {
      await connection.close();
    }
  }

  /** Closes what belongs to clusters that are no more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, { connection }] of this.#open) {
      if (names.has(name)) continue;
      this.#open.delete(name);
      connection.close();
    }
  }

  /** Closes all; what they are still asked fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const connections = [...this.#open.values()].map(({ connection }) => connection);
    this.#open.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** Clients of test clusters that close themselves at the end of the block that holds them (`await using`). */

import { ClusterClient, type ClusterClientOptions } from "../../src/wire/cluster-client.ts";

export type DisposableClient = ClusterClient & AsyncDisposable;

/** A client of the cluster with these bootstrap servers and other properties. */
export function clientOf(
  bootstrap: string,
  properties: Readonly<Record<string, string>> = {},
  options: ClusterClientOptions = {},
): DisposableClient {
  const cluster = { name: "east", region: "eu", properties: { ...properties, "bootstrap.servers": bootstrap } };
  const client = new ClusterClient(cluster, options);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

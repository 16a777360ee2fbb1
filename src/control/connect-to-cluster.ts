/** The control process' way to a real cluster. */

import { ClusterClient } from "../wire/cluster-client.ts";
import type { Connect } from "./cluster-connection.ts";

/** How long a single request to a cluster may take. */
const REQUEST_TIMEOUT_MS = 5_000;

export const connectToCluster: Connect = (cluster) =>
  new ClusterClient(cluster, { clientId: "strait-control", requestTimeoutMs: REQUEST_TIMEOUT_MS });

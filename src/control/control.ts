/** What the routes work with. */

import type { AuditLog } from "./audit-log.ts";
import type { ClusterConnections } from "./cluster-connection.ts";
import type { Actor, Configuration } from "./configuration.ts";
import type { LagMonitor } from "./lag-monitor.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Verifications } from "./verifications.ts";

export interface Control {
  readonly configuration: Configuration;
  readonly supervisor: Supervisor;
  readonly lag: LagMonitor;
  readonly connections: ClusterConnections;
  readonly audit: AuditLog;
  readonly verifications: Verifications;
  /** Aborted when the server is about to stop: endless answers end, readiness is over. */
  readonly closing: AbortSignal;
}

/** Who a request is from, as long as there are no tokens. */
export const HTTP_ACTOR: Actor = { token: null, via: "http" };

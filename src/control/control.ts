/** What the routes work with. */

import type { AuditLog } from "./audit-log.ts";
import type { ClusterConnections } from "./cluster-connection.ts";
import type { Configuration } from "./configuration.ts";
import type { LagMonitor } from "./lag-monitor.ts";
import type { Policies } from "./policies/policies.ts";
import type { Previews } from "./previews.ts";
import type { Access } from "./security/access.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Verifications } from "./verifications.ts";

export interface Control {
  readonly access: Access;
  readonly configuration: Configuration;
  readonly policies: Policies;
  readonly supervisor: Supervisor;
  readonly lag: LagMonitor;
  readonly connections: ClusterConnections;
  readonly audit: AuditLog;
  readonly verifications: Verifications;
  readonly previews: Previews;
  /** Aborted when the server is about to stop: endless answers end, readiness is over. */
  readonly closing: AbortSignal;
}

/** The messages between the control process and a runner (node:child_process IPC, JSON). */

import type { Rulings } from "../config/policy-ruling.ts";
import type { Cluster, Link } from "../config/resources.ts";
import type { RunnerStatus } from "./status.ts";

/** What a runner is to do. Secrets are still references; the runner resolves them from its own environment. */
export interface LinkPlan {
  readonly link: Link;
  readonly source: Cluster;
  readonly destination: Cluster;
  /** What the policies make of each mapping; one that is not in it is refused. */
  readonly rulings: Rulings;
  /** Names this strait installation, so that a restarted runner gets its partitions back at once. */
  readonly nodeId: string;
  /** Directories filter files may come from. */
  readonly filterDirectories: readonly string[];
}

/** Control to runner. `apply` may be sent again at any time with a changed plan; only what differs is touched. */
export type RunnerCommand = { readonly type: "apply"; readonly plan: LinkPlan } | { readonly type: "stop" };

/** Runner to control. */
export type RunnerMessage =
  | { readonly type: "ready" }
  | { readonly type: "status"; readonly status: RunnerStatus }
  /** The runner cannot go on; it exits after this. The message holds no secret. */
  | { readonly type: "fatal"; readonly code: string; readonly message: string };

/** Starts the control process: store, supervisor, lag, HTTP. */

import type { Hono } from "hono";
import type { Logger } from "pino";
import type { ConfigurationFile } from "../config/resource-inputs.ts";
import { StraitError } from "../model/errors.ts";
import { createApp } from "./app.ts";
import { AuditLog } from "./audit-log.ts";
import { ClusterConnections, type Connect } from "./cluster-connection.ts";
import { Configuration } from "./configuration.ts";
import { connectToCluster } from "./connect-to-cluster.ts";
import { inspectFilters } from "./filter-inspection.ts";
import { LagMonitor } from "./lag-monitor.ts";
import { isLoopback } from "./request-guard.ts";
import { serve } from "./serve.ts";
import { Store } from "./store.ts";
import { plansOf, Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { Verifications } from "./verifications.ts";

export interface ControlOptions {
  /** Must be an address of this machine only. Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Where clusters, links and the audit log are kept; made if it is missing. */
  readonly stateDirectory: string;
  /** Directories filter files may come from. */
  readonly filterDirectories: readonly string[];
  /** Wins over what is kept, for what it names. */
  readonly file?: ConfigurationFile;
  readonly log: Logger;
  /** How runners are supervised. */
  readonly supervisor?: Omit<SupervisorOptions, "log">;
  /** How clusters are connected to. Default: over the network. */
  readonly connect?: Connect;
}

export interface RunningControl {
  readonly url: string;
  readonly app: Hono;
  readonly supervisor: Supervisor;
  /** Stops everything, runners with their time to drain. May be called twice. */
  close(): Promise<void>;
}

/** How long a cluster may take to answer when it is added. */
const CLUSTER_CHECK_MS = 10_000;

/**
 * Everything is running when this resolves. Rejects, with nothing left behind, if the address, the state directory or the
 * file cannot be used.
 */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const { listen, stateDirectory, filterDirectories, file, log } = options;
  if (!isLoopback(listen.host)) {
    throw new StraitError(
      "configuration",
      `refusing to listen on ${listen.host}: there are no tokens, so anybody who reaches it could change links; listen on 127.0.0.1`,
    );
  }
  const cleanUp: (() => unknown)[] = [];
  const close = once(async () => {
    for (const step of cleanUp.reverse()) await step();
  });
  try {
    const store = new Store(stateDirectory);
    cleanUp.push(() => store.close());
    const audit = new AuditLog(stateDirectory);
    cleanUp.push(() => audit.close());
    const connections = new ClusterConnections(options.connect ?? connectToCluster);
    const configuration = new Configuration({
      store,
      audit,
      checkCluster: (cluster) => connections.check(cluster, CLUSTER_CHECK_MS),
      checkFilters: (filters) => inspectFilters(filters, { directories: filterDirectories }),
    });
    if (file !== undefined) await configuration.applyFile(file);
    const supervisor = new Supervisor({ ...options.supervisor, log });
    const lag = new LagMonitor(configuration, supervisor, connections);
    // Closed connections fail what the lag still waits for, so that nothing holds up the end longer than a runner.
    cleanUp.push(() => Promise.all([supervisor.close(), connections.close(), lag.close()]));

    const verifications = new Verifications({ log, plans: () => plansOf(configuration.state, filterDirectories) });
    cleanUp.push(() => verifications.close());

    const closing = new AbortController();
    const control = { configuration, supervisor, lag, connections, audit, verifications, closing: closing.signal };
    const app = createApp(control, { listenHost: listen.host, log });
    const server = serve({ ...listen, fetch: (request) => app.fetch(request) });
    cleanUp.push(() => server.stop());
    const following = configuration.state$.subscribe((state) => {
      supervisor.reconcile(plansOf(state, filterDirectories));
      verifications.keepOnly(new Set(state.links.map(({ name }) => name)));
    });
    cleanUp.push(() => {
      closing.abort();
      following.unsubscribe();
    });
    return { url: `http://${listen.host}:${server.port}`, app, supervisor, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}

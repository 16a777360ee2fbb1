/** Starts the control process: store, supervisor, lag, HTTP. */

import type { Hono } from "hono";
import type { Logger } from "pino";
import type { ConfigurationFile } from "../config/resource-inputs.ts";
import { StraitError } from "../model/errors.ts";
import { createApp } from "./app.ts";
import { AuditLog } from "./audit-log.ts";
import { ClusterConnections, type Connect } from "./cluster-connection.ts";
import type { FilterCheck } from "./complete-resources.ts";
import { Configuration } from "./configuration.ts";
import { connectToCluster } from "./connect-to-cluster.ts";
import { CleanFiles, inspectFilters } from "./filter-inspection.ts";
import { LagMonitor } from "./lag-monitor.ts";
import { Policies } from "./policies/policies.ts";
import { Previews } from "./previews.ts";
import { Access } from "./security/access.ts";
import type { Certificate } from "./security/certificate.ts";
import { Denials } from "./security/denials.ts";
import { isLoopback } from "./security/own-address.ts";
import { Tokens } from "./security/tokens.ts";
import { serve } from "./serve.ts";
import { Store } from "./store.ts";
import { plansOf, Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { Verifications } from "./verifications.ts";

export interface ControlOptions {
  /** An address others can reach needs a token for an admin. Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** For HTTPS. Default: plain HTTP. */
  readonly certificate?: Certificate;
  /** What browsers have in their address bar, where a proxy stands in between. */
  readonly publicUrl?: URL;
  /** Whether `/metrics` needs no token. Default false. */
  readonly openMetrics?: boolean;
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
  /** Shows another certificate to whoever connects from now on. */
  useCertificate(certificate: Certificate): void;
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
  const cleanUp: (() => unknown)[] = [];
  const close = once(async () => {
    for (const step of cleanUp.reverse()) await step();
  });
  try {
    const store = new Store(stateDirectory);
    cleanUp.push(() => store.close());
    const audit = new AuditLog(stateDirectory);
    cleanUp.push(() => audit.close());
    const access = accessTo(options, audit);
    const connections = new ClusterConnections(options.connect ?? connectToCluster);
    const cleanFiles = new CleanFiles();
    const onSkipped = (why: string) => log.warn(why);
    const checkFilters: FilterCheck = (filters) =>
      inspectFilters(filters, { directories: filterDirectories, cleanFiles, onSkipped });
    const configuration = new Configuration({
      store,
      audit,
      checkCluster: (cluster) => connections.check(cluster, CLUSTER_CHECK_MS),
      checkFilters,
    });
    if (file !== undefined) await configuration.applyFile(file);
    const supervisor = new Supervisor({ ...options.supervisor, log });
    const lag = new LagMonitor(configuration, supervisor, connections);
    // Closed connections fail what the lag still waits for, so that nothing holds up the end longer than a runner.
    cleanUp.push(() => Promise.all([supervisor.close(), connections.close(), lag.close()]));

    const plans = () => plansOf(configuration.state, filterDirectories);
    const verifications = new Verifications({ log, plans });
    cleanUp.push(() => verifications.close());
    const previews = new Previews({ audit, plans, checkFilters });

    const closing = new AbortController();
    const policies = new Policies(configuration, checkFilters);
    const control = {
      access,
      configuration,
      policies,
      supervisor,
      lag,
      connections,
      audit,
      verifications,
      previews,
      closing: closing.signal,
    };
    const { certificate, openMetrics = false } = options;
    const app = createApp(control, { openMetrics, log });
    const server = serve({
      ...listen,
      ...(certificate !== undefined && { certificate }),
      fetch: (request, client) => app.fetch(request, client),
    });
    cleanUp.push(() => server.stop());
    const following = configuration.state$.subscribe((state) => {
      supervisor.reconcile(plansOf(state, filterDirectories));
      verifications.keepOnly(new Set(state.links.map(({ name }) => name)));
    });
    cleanUp.push(() => {
      closing.abort();
      following.unsubscribe();
      // Whoever waits for one holds up the end of the server.
      return previews.close();
    });
    const url = `${certificate === undefined ? "http" : "https"}://${listen.host}:${server.port}`;
    return { url, app, supervisor, useCertificate: (next) => server.useCertificate(next), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Throws `configuration` where others could reach strait and nobody could keep them out. */
function accessTo({ listen, certificate, publicUrl, stateDirectory, log }: ControlOptions, audit: AuditLog): Access {
  const isRemote = !isLoopback(listen.host);
  const tokens = new Tokens({ directory: stateDirectory, audit, needsAdmin: isRemote });
  if (isRemote && !tokens.hasAdmin) {
    throw new StraitError(
      "configuration",
      `refusing to listen on ${listen.host}: there is no admin token, so anybody who reaches it could change links; ` +
        `make one with \`strait token new NAME --role admin --state ${stateDirectory}\`, or listen on 127.0.0.1`,
    );
  }
  if (isRemote && certificate === undefined && publicUrl?.protocol !== "https:") {
    log.warn(
      { listen: listen.host },
      "tokens cross the network in the clear: use --tls-cert and --tls-key, or a proxy",
    );
  }
  const address = { listenHost: listen.host, tls: certificate !== undefined, publicUrl: publicUrl ?? null };
  return new Access({ tokens, denials: new Denials(log), address });
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}

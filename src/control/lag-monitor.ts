/** The lag of every link: one poller per pair of clusters, and what the runners report. */

import type { Subscription } from "rxjs";
import type { Link } from "../config/resources.ts";
import { memberOf } from "../model/progress.ts";
import type { ClusterConnections } from "./cluster-connection.ts";
import type { Configuration } from "./configuration.ts";
import { type LinkEvidence, linkEvidence } from "./evidence.ts";
import { type LinkLag, linkLag, NOTHING_OBSERVED, type Observation } from "./lag.ts";
import { OffsetPoller, pairKey, pairOf } from "./offset-poller.ts";
import { linkRulings } from "./policies/link-rulings.ts";
import { clustersByName, type State } from "./state.ts";
import { type LinkSnapshot, snapshotBefore } from "./supervised-link.ts";
import type { Supervisor } from "./supervisor.ts";
import { Throughput } from "./throughput.ts";

/** Half of the second within which the end of a partition must be known. */
const INTERVAL_MS = 500;
const MAX_AGE_MS = 1_000;
const MAX_WAIT_MS = 2_000;

export class LagMonitor {
  readonly throughput = new Throughput();
  readonly #configuration: Configuration;
  readonly #supervisor: Supervisor;
  readonly #connections: ClusterConnections;
  readonly #pollers = new Map<string, OffsetPoller>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #subscriptions: readonly Subscription[];

  /** Polls for the links of the configuration, as they are now and after every change, until `close()`. */
  constructor(configuration: Configuration, supervisor: Supervisor, connections: ClusterConnections) {
    this.#configuration = configuration;
    this.#supervisor = supervisor;
    this.#connections = connections;
    this.#subscriptions = [
      supervisor.snapshots$.subscribe((snapshot) => this.throughput.observe(snapshot)),
      configuration.state$.subscribe((state) => this.#follow(state)),
    ];
  }

  /** The lag of a link with offsets at most a second old, unless its source does not answer in two. */
  async fresh(link: Link): Promise<LinkLag> {
    await this.#pollers.get(pairKey(link))?.fresh(MAX_AGE_MS, MAX_WAIT_MS);
    return this.last(link);
  }

  /** The lag of a link as last polled. */
  last(link: Link): LinkLag {
    const now = Date.now();
    const ratesOf = (mapping: string, partition: number) => this.throughput.rates(link.name, mapping, partition, now);
    return linkLag(link, this.#snapshot(link), this.#observation(link), ratesOf, now);
  }

  /** What happened to the records of a link, as fresh as its lag. */
  async evidence(link: Link): Promise<LinkEvidence> {
    await this.#pollers.get(pairKey(link))?.fresh(MAX_AGE_MS, MAX_WAIT_MS);
    return this.lastEvidence(link);
  }

  /** What happened to the records of a link, as last heard. */
  lastEvidence(link: Link): LinkEvidence {
    const rulings = linkRulings(this.#configuration.state, link);
    return linkEvidence(link, this.#snapshot(link), this.#observation(link), rulings, Date.now());
  }

  /** When the source cluster of a link last told its offsets, milliseconds since the epoch; null if it never did. */
  sourceAnsweredAt(link: Link): number | null {
    return this.#observation(link).sourceAt;
  }

  #observation(link: Link): Observation {
    return this.#pollers.get(pairKey(link))?.observation ?? NOTHING_OBSERVED;
  }

  async close(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const key of this.#pollers.keys()) this.#stop(key);
    await Promise.all(this.#leaving);
  }

  #snapshot(link: Link): LinkSnapshot {
    const known = this.#supervisor.snapshot(link.name);
    return known === null ? snapshotBefore(link) : { ...known, link };
  }

  #follow(state: State): void {
    const clusters = clustersByName(state);
    const wanted = new Set(state.links.map(pairKey));
    for (const key of this.#pollers.keys()) {
      if (!wanted.has(key)) this.#stop(key);
    }
    for (const key of wanted) {
      if (!this.#pollers.has(key) && pairOf(key, clusters) !== undefined) this.#pollers.set(key, this.#poller(key));
    }
    this.#connections.keepOnly(new Set(clusters.keys()));
    this.throughput.keepOnly(new Set(state.links.map(({ name }) => name)));
  }

  #poller(key: string): OffsetPoller {
    const links = () => this.#configuration.state.links.filter((link) => pairKey(link) === key);
    const [source = "", destination = ""] = key.split("/");
    return new OffsetPoller({
      source: () => this.#connections.to(this.#configuration.cluster(source)),
      destination: () => this.#connections.to(this.#configuration.cluster(destination)),
      links: () => links().map((link) => this.#snapshot(link)),
      memberName: memberOf(this.#configuration.state.nodeId),
      intervalMs: INTERVAL_MS,
    });
  }

  #stop(key: string): void {
    const gone = this.#pollers.get(key)?.close();
    this.#pollers.delete(key);
    if (gone === undefined) return;
    this.#leaving.add(gone);
    void gone.finally(() => this.#leaving.delete(gone));
  }
}

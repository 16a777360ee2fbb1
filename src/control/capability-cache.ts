/** What clusters let strait do, asked for once in a while. */

import type { Cluster } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { Capabilities } from "../wire/capabilities.ts";
import type { ClusterConnections } from "./cluster-connection.ts";

export interface KnownCapabilities {
  /** `null` where the cluster does not answer. */
  readonly capabilities: Capabilities | null;
  /** Why it does not. */
  readonly capabilitiesReason: string | null;
}

/** Rights and versions change seldom, and each look is a few requests. */
const FRESH_MS = 60_000;

/** Remembers what was found for a minute, by cluster and its whole configuration; a cluster that fails is asked again. */
export class CapabilityCache {
  readonly #connections: ClusterConnections;
  readonly #now: () => number;
  readonly #found = new Map<
    string,
    { readonly cluster: string; readonly until: number; answer: Promise<Capabilities> }
  >();

  constructor(connections: ClusterConnections, now: () => number = Date.now) {
    this.#connections = connections;
    this.#now = now;
  }

  /** Takes as long as the connection's requests may take; never rejects for what the cluster does. */
  async of(cluster: Cluster): Promise<KnownCapabilities> {
    try {
      return { capabilities: await this.#ask(cluster), capabilitiesReason: null };
    } catch (error) {
      if (!(error instanceof StraitError)) throw error;
      return { capabilities: null, capabilitiesReason: error.message };
    }
  }

  #ask(cluster: Cluster): Promise<Capabilities> {
    const configuration = JSON.stringify(cluster);
    const known = this.#found.get(cluster.name);
    if (known?.cluster === configuration && this.#now() < known.until) return known.answer;
    const answer = this.#connections.to(cluster).capabilities();
    const entry = { cluster: configuration, until: this.#now() + FRESH_MS, answer };
    this.#found.set(cluster.name, entry);
    answer.catch(() => {
      // Whoever awaits the answer handles the failure; here it only must not be remembered.
      if (this.#found.get(cluster.name) === entry) this.#found.delete(cluster.name);
    });
    return answer;
  }
}

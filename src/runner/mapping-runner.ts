/** One mapping at work on the partitions this runner was assigned. */

import { effectiveFilters, type MappingRuling } from "../config/policy-ruling.ts";
import type { ChainedFilter, Cluster, Mapping } from "../config/resources.ts";
import type { Acknowledgement, RecordBatch } from "../model/batch.ts";
import { StraitError } from "../model/errors.ts";
import { filterSetOf } from "../model/evidence-chain.ts";
import type { LatencyHistogram, PartitionStatus } from "../model/status.ts";
import type { PartitionOffset } from "../rdkafka/topic-partitions.ts";
import type { RawBatch } from "../sources/raw-batch.ts";
import { AppendLanes } from "./append-lanes.ts";
import { EvidenceLedger, type LedgerStart, type OpenLedger } from "./evidence-ledger.ts";
import { FilterChain, type Quarantine } from "./filter-chain.ts";
import { filterRawBatch, passRawBatch } from "./filter-raw-batch.ts";
import type { Lanes } from "./lane.ts";
import { Latency } from "./latency.ts";
import type { LinkConnections } from "./link-connections.ts";
import { MirrorLanes } from "./mirror-lanes.ts";
import { once } from "./once.ts";
import { PartitionRunner } from "./partition-runner.ts";
import { createQuarantine } from "./quarantine.ts";

export interface MappingRunnerOptions {
  readonly connections: LinkConnections;
  readonly link: string;
  readonly mapping: Mapping;
  /** What the policies make of it. */
  readonly ruling: MappingRuling;
  /** The clusters of the link. */
  readonly source: Cluster;
  readonly destination: Cluster;
  readonly filterDirectories: readonly string[];
  /** How the destination cluster is to be written to (`compression.codec`), if an operator says. */
  readonly compression: string | undefined;
}

export class MappingRunner {
  readonly mapping: Mapping;
  readonly ruling: MappingRuling;
  readonly #filters: readonly ChainedFilter[];
  readonly #options: MappingRunnerOptions;
  readonly #partitions = new Map<number, PartitionRunner>();
  readonly #latency = new Latency();
  /** The latest; another one is made where filter files have changed behind its back. */
  #chain: () => Promise<FilterChain>;
  /** All that were made. Partitions that were opened with an earlier one still ask it. */
  readonly #chains: FilterChain[] = [];
  /** The one that each partition was opened with. */
  readonly #chainOf = new Map<number, FilterChain>();
  readonly #lanes: Lanes;
  #digest: string | null = null;
  #paused: boolean;
  #closed = false;

  constructor(options: MappingRunnerOptions, paused: boolean) {
    const { mapping, ruling } = options;
    this.mapping = mapping;
    this.ruling = ruling;
    this.#filters = effectiveFilters(ruling, mapping);
    this.#options = options;
    this.#paused = paused;
    this.#chain = once(() => this.#createChain());
    this.#lanes = this.#createLanes();
  }

  /** Digest of the filters at work, null before they are made. */
  get filterDigest(): string | null {
    return this.#digest;
  }

  get latency(): LatencyHistogram {
    return this.#latency.histogram;
  }

  /** Since when the partition waits that waits longest, milliseconds since the epoch; null if none does. */
  get waitingSince(): number | null {
    const waiting = [...this.#partitions.values()].flatMap(({ waitingSince }) => waitingSince ?? []);
    return waiting.length === 0 ? null : Math.min(...waiting);
  }

  statuses(): PartitionStatus[] {
    const { problem } = this.#lanes;
    return [...this.#partitions.values()].map((partition) => {
      const status = partition.status();
      return problem !== null && status.state === "running" ? { ...status, reason: status.reason ?? problem } : status;
    });
  }

  /** What is copied, for the group's committed offsets on the source. */
  positions(): PartitionOffset[] {
    return [...this.#partitions].flatMap(([partition, { nextOffset }]) =>
      nextOffset === null ? [] : [{ topic: this.mapping.source, partition, offset: nextOffset }],
    );
  }

  assign(partitions: readonly number[]): void {
    // While it drains the group may give it more, which are for whoever comes after it.
    if (this.#closed) return;
    for (const partition of partitions) {
      if (this.#partitions.has(partition)) continue;
      const runner = this.#create(partition);
      this.#partitions.set(partition, runner);
      if (!this.#paused) runner.start();
    }
  }

  /** Resolves when the partitions are finished with and somebody else may have them. */
  async revoke(partitions: readonly number[]): Promise<void> {
    await Promise.all(
      partitions.map(async (partition) => {
        await this.#partitions.get(partition)?.stop();
        this.#partitions.delete(partition);
      }),
    );
  }

  setPaused(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    for (const partition of this.#partitions.values()) {
      // A stop settles by itself; whoever starts again meanwhile waits for it.
      if (paused) void partition.stop();
      else partition.start();
    }
  }

  /** Lets what belongs to the topic beside its records follow the source. */
  async follow(): Promise<void> {
    if (this.#paused || this.#closed || this.#partitions.size === 0 || this.ruling.refusal !== null) return;
    // What keeps it from following keeps the partitions from being copied too, and they say so.
    await this.#lanes.follow().catch(() => {});
  }

  /** Stops all partitions, gives the filters back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.revoke([...this.#partitions.keys()]);
    await Promise.all(this.#chains.map((chain) => chain.close()));
  }

  #create(partition: number): PartitionRunner {
    const { mapping } = this.#options;
    return new PartitionRunner({
      mapping: mapping.name,
      topic: mapping.source,
      partition,
      destinationTopic: mapping.destination,
      open: async (opening) => {
        requireAllowed(this.ruling);
        // Filters first: a mapping whose filters cannot be made must not touch anything.
        await this.#openChain(partition);
        return this.#lanes.open(partition, opening);
      },
      acknowledged: ({ ages }: Acknowledgement) => this.#latency.record(ages, Date.now()),
    });
  }

  #createLanes(): Lanes {
    const { connections, link, mapping, compression } = this.#options;
    const { source, mirrors } = connections;
    const quarantine: Quarantine | null =
      mapping.onFailure === "quarantine"
        ? createQuarantine({ link, mapping: mapping.name, cluster: source, ...mirrors.source, topic: mapping.source })
        : null;
    const openLedger: OpenLedger = (partition, start) => this.#openLedger(partition, start);
    if (mapping.mode === "append") {
      const filter = async (batch: RecordBatch) => this.#openedChain(batch).apply(batch, quarantine);
      return new AppendLanes({ connections, link, mapping, filter, openLedger });
    }
    const unpacks = this.#filters.length > 0;
    const filter = unpacks
      ? async (batch: RawBatch, from: number) => filterRawBatch(batch, from, this.#openedChain(batch), quarantine)
      : async (batch: RawBatch, from: number) => passRawBatch(batch, from);
    const keyChangers = async () => (await this.#chain()).keyChangers;
    return new MirrorLanes({ connections, link, mapping, compression, unpacks, filter, keyChangers, openLedger });
  }

  async #createChain(): Promise<FilterChain> {
    const { link, mapping, source, destination, filterDirectories: directories } = this.#options;
    const filters = this.#filters;
    const chain = await FilterChain.create({ link, mapping, filters, source, destination, directories });
    this.#chains.push(chain);
    // Nobody else closes what was still being made.
    if (this.#closed) await chain.close();
    this.#digest = filterSetOf(chain.digest, filters, this.ruling.policies).digest;
    return chain;
  }

  /** The chain for a partition that is opened. It stays with it, as its evidence says which filters it went through. */
  async #openChain(partition: number): Promise<void> {
    const latest = this.#chain;
    let chain = await latest();
    if (chain.outdated) {
      if (this.#chain === latest) this.#chain = once(() => this.#createChain());
      chain = await this.#chain();
    }
    this.#chainOf.set(partition, chain);
  }

  #openedChain({ partition }: { readonly partition: number }): FilterChain {
    const chain = this.#chainOf.get(partition);
    if (chain === undefined) throw new StraitError("runner-failed", `partition ${partition} was not opened`);
    return chain;
  }

  async #openLedger(partition: number, start: LedgerStart): Promise<EvidenceLedger | null> {
    const { connections, link, mapping } = this.#options;
    const filters = this.#filters;
    // What no filter has looked at has nothing to prove, until one does; from then on it must be seen when none does.
    if (filters.length === 0 && start.known === null) return null;
    const { name, source: topic, destination: destinationTopic } = mapping;
    const subject = { link, mapping: name, topic, partition, destinationTopic };
    const filterSet = filterSetOf(this.#openedChain({ partition }).digest, filters, this.ruling.policies);
    return EvidenceLedger.open({ ...start, subject, filters: filterSet, store: connections.evidence });
  }
}

/** Opening is the only way to a partition's records, at the start as after an error. */
function requireAllowed({ refusal }: MappingRuling): void {
  if (refusal === null) return;
  throw new StraitError("configuration", `${refusal}; it goes on by itself when the policies let it`);
}

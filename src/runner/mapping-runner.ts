/** One mapping at work on the partitions this runner was assigned. */

import type { Mapping } from "../config/resources.ts";
import type { Acknowledgement } from "../model/batch.ts";
import type { LatencyHistogram, PartitionStatus } from "../model/status.ts";
import type { PartitionOffset } from "../rdkafka/topic-partitions.ts";
import { FilterChain } from "./filter-chain.ts";
import { Latency } from "./latency.ts";
import type { LinkConnections } from "./link-connections.ts";
import { once } from "./once.ts";
import { type MappingTarget, openLane, prepareTarget } from "./partition-lane.ts";
import { PartitionRunner } from "./partition-runner.ts";
import { createQuarantine } from "./quarantine.ts";

export interface MappingRunnerOptions {
  readonly connections: LinkConnections;
  readonly link: string;
  readonly mapping: Mapping;
  readonly filterDirectories: readonly string[];
}

export class MappingRunner {
  readonly mapping: Mapping;
  readonly #options: MappingRunnerOptions;
  readonly #partitions = new Map<number, PartitionRunner>();
  readonly #latency = new Latency();
  readonly #chain: () => Promise<FilterChain>;
  #target: () => Promise<MappingTarget>;
  #digest: string | null = null;
  #paused: boolean;
  #closed = false;

  constructor(options: MappingRunnerOptions, paused: boolean) {
    const { connections, link, mapping, filterDirectories } = options;
    this.mapping = mapping;
    this.#options = options;
    this.#paused = paused;
    this.#target = once(() => prepareTarget(connections, mapping));
    this.#chain = once(async () => {
      const chain = await FilterChain.create({ link, mapping, directories: filterDirectories });
      this.#digest = chain.digest;
      return chain;
    });
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
    return [...this.#partitions.values()].map((partition) => partition.status());
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

  /** Stops all partitions, gives the filters back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.revoke([...this.#partitions.keys()]);
    if (this.#digest !== null) await (await this.#chain()).close();
  }

  #create(partition: number): PartitionRunner {
    const { connections, link, mapping } = this.#options;
    const quarantine =
      mapping.onFailure === "quarantine"
        ? createQuarantine({
            link,
            mapping: mapping.name,
            producer: connections.sharedProducer("source"),
            cluster: connections.source,
            topic: mapping.source,
          })
        : null;
    return new PartitionRunner({
      mapping: mapping.name,
      topic: mapping.source,
      partition,
      destinationTopic: mapping.destination,
      open: async () => {
        // Filters first: a mapping whose filters cannot be made must not touch anything.
        await this.#chain();
        return openLane(connections, link, mapping, await this.#targetFor(partition), partition);
      },
      filter: async (batch) => (await this.#chain()).apply(batch, quarantine),
      acknowledged: ({ ages }: Acknowledgement) => this.#latency.record(ages, Date.now()),
    });
  }

  /** The target, looked up anew when the source has got more partitions since. */
  async #targetFor(partition: number): Promise<MappingTarget> {
    const target = await this.#target();
    if (partition < target.sourcePartitions) return target;
    this.#target = once(() => prepareTarget(this.#options.connections, this.mapping));
    return this.#target();
  }
}

/** Asks the two clusters of a pair for offsets again and again, whether anything moves or not. */

import type { Cluster, Link, Mapping } from "../config/resources.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import { groupOf } from "../model/progress.ts";
import type { ByPartition, ClusterConnection, CommittedOffset, OffsetRange } from "./cluster-connection.ts";
import { copiedOffsets } from "./copied-offsets.ts";
import { freshStatus, lagRecords, mappingKey, NOTHING_OBSERVED, nextOffset, type Observation } from "./lag.ts";
import type { LinkSnapshot } from "./supervised-link.ts";

export interface OffsetPollerOptions {
  readonly source: () => ClusterConnection;
  readonly destination: () => ClusterConnection;
  /** The links between the two clusters, as they are now. */
  readonly links: () => readonly LinkSnapshot[];
  /** How this strait calls itself in the groups of its links on the source. */
  readonly memberName: string;
  /** Time from the start of one round to the start of the next. */
  readonly intervalMs: number;
}

/** Partition counts change rarely; a new partition is noticed this late. */
const PARTITION_COUNT_AGE_MS = 5_000;

/** Who else has what our runners do not is looked up so seldom: assignments last. */
const HOLDERS_AGE_MS = 2_000;

/** Lookups of a record's timestamp in one round, each a fetch of its own. */
const TIMESTAMPS_PER_ROUND = 16;

/**
 * Polls from construction until `close()`. Failures are part of what is observed and never thrown. The two clusters are
 * asked independently: one that is slow to answer must not make what is known of the other old.
 */
export class OffsetPoller {
  readonly #options: OffsetPollerOptions;
  readonly #counts = new Map<string, { readonly at: number; readonly partitions: number | null }>();
  readonly #elsewhere = new Map<string, { readonly at: number; readonly partitions: ByPartition<string> }>();
  readonly #done: Promise<unknown>;
  /** Ends the waits between rounds. */
  readonly #wakes = new Set<() => void>();
  #observation = NOTHING_OBSERVED;
  /** When the last complete round of the source began, and who waits for the next. */
  #roundAt = 0;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(options: OffsetPollerOptions) {
    this.#options = options;
    this.#done = Promise.all([
      this.#repeat(() => this.#pollSource()),
      this.#repeat(() => this.#pollDestination(options.links())),
    ]);
  }

  /** What was last seen. */
  get observation(): Observation {
    return this.#observation;
  }

  /** Resolves when a round of the source that began at most `maxAgeMs` ago is over, or after `waitMs`. */
  async fresh(maxAgeMs: number, waitMs: number): Promise<void> {
    const deadline = Date.now() + waitMs;
    while (!this.#closed && Date.now() - this.#roundAt > maxAgeMs && Date.now() < deadline) {
      for (const wake of this.#wakes) wake();
      await this.#nextRound(deadline - Date.now());
    }
  }

  /** Resolves when the rounds under way are over. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wakes) wake();
    await this.#done;
  }

  async #repeat(round: () => Promise<void>): Promise<void> {
    while (!this.#closed) {
      const startedAt = Date.now();
      await round();
      await this.#waitAtMost(startedAt + this.#options.intervalMs - Date.now());
    }
  }

  async #pollSource(): Promise<void> {
    const startedAt = Date.now();
    const links = this.#options.links();
    await this.#askSource(links);
    if (this.#observation.sourceError === null) {
      await Promise.all([this.#lookUpTimestamps(links), this.#lookUpHolders(links)]);
    }
    this.#roundAt = startedAt;
    for (const resume of this.#waiting) resume();
  }

  async #askSource(links: readonly LinkSnapshot[]): Promise<void> {
    const topics = new Set(links.flatMap(({ link }) => link.mappings.map(({ source }) => source)));
    try {
      const { offsets, missingTopics } = await this.#sourceOffsets(topics);
      this.#observe({ sourceAt: Date.now(), sourceError: null, offsets, missingTopics });
    } catch (error) {
      this.#observe({ sourceError: messageOf(error) });
    }
  }

  async #pollDestination(links: readonly LinkSnapshot[]): Promise<void> {
    try {
      this.#observe({ committed: await this.#copied(links), destinationError: null });
    } catch (error) {
      this.#observe({ destinationError: messageOf(error) });
    }
  }

  async #sourceOffsets(topics: ReadonlySet<string>) {
    const source = this.#options.source();
    const wanted = new Map<string, number[]>();
    const missingTopics = new Map<string, string>();
    for (const topic of topics) {
      try {
        const count = await this.#partitionCount(source, topic);
        if (count === null) missingTopics.set(topic, `the source has no topic ${topic}`);
        else wanted.set(topic, range(count));
      } catch (error) {
        // A topic that one link may not see says nothing of the topics of others.
        if (!(error instanceof StraitError) || error.code !== "authorization-failed") throw error;
        missingTopics.set(topic, error.message);
      }
    }
    const offsets: ByPartition<OffsetRange> = wanted.size === 0 ? new Map() : await source.partitionOffsets(wanted);
    return { offsets, missingTopics };
  }

  /** How far the partitions are that no runner reports on: it knows better where it is. */
  async #copied(links: readonly LinkSnapshot[]): Promise<ByPartition<CommittedOffset | null>> {
    const copied = new Map<string, ReadonlyMap<number, CommittedOffset | null>>();
    for (const snapshot of links) {
      const { name, mappings } = snapshot.link;
      const wanted = new Map(mappings.map((mapping) => [mapping, this.#unreported(snapshot, mapping)]));
      if ([...wanted.values()].every((partitions) => partitions.length === 0)) continue;
      for (const [mapping, offsets] of await copiedOffsets(this.#options.destination(), name, wanted)) {
        copied.set(mappingKey(name, mapping), offsets);
      }
    }
    return copied;
  }

  #unreported(snapshot: LinkSnapshot, mapping: Mapping): number[] {
    const now = Date.now();
    return this.#partitions(mapping).filter((partition) => {
      const status = freshStatus(snapshot, mapping, partition, now);
      return status === undefined || status.nextOffset === null;
    });
  }

  #partitions(mapping: Mapping): number[] {
    return [...(this.#observation.offsets.get(mapping.source)?.keys() ?? [])];
  }

  /** Looks up which partitions that no runner of ours reports on are those of other straits. */
  async #lookUpHolders(links: readonly LinkSnapshot[]): Promise<void> {
    const names = new Set(links.map(({ link }) => link.name));
    for (const name of this.#elsewhere.keys()) if (!names.has(name)) this.#elsewhere.delete(name);
    await Promise.all(links.map((snapshot) => this.#lookUpHoldersOf(snapshot)));
    this.#observe({ elsewhere: new Map([...this.#elsewhere].map(([link, { partitions }]) => [link, partitions])) });
  }

  async #lookUpHoldersOf(snapshot: LinkSnapshot): Promise<void> {
    const { name, mappings } = snapshot.link;
    const now = Date.now();
    const reported = (mapping: Mapping, partition: number) =>
      freshStatus(snapshot, mapping, partition, now) !== undefined;
    if (mappings.every((mapping) => this.#partitions(mapping).every((partition) => reported(mapping, partition)))) {
      this.#elsewhere.delete(name);
    } else {
      if (now - (this.#elsewhere.get(name)?.at ?? 0) < HOLDERS_AGE_MS) return;
      // Where the source does not say, it is not known. Whether it answers is for the offsets to say.
      const partitions = await this.#heldElsewhere(name).catch(() => NONE);
      this.#elsewhere.set(name, { at: now, partitions });
    }
  }

  async #heldElsewhere(link: string): Promise<ByPartition<string>> {
    const { source, memberName } = this.#options;
    const holders = await source().groupHolders(groupOf(link));
    return new Map(
      [...holders].map(([topic, ofTopic]) => {
        const others = [...ofTopic].filter(([, { instance }]) => instance !== memberName);
        return [topic, new Map(others.map(([partition, { host }]) => [partition, host]))];
      }),
    );
  }

  async #lookUpTimestamps(links: readonly LinkSnapshot[]): Promise<void> {
    const now = Date.now();
    const wanted = links
      .flatMap((snapshot) => snapshot.link.mappings.flatMap((mapping) => this.#lookups(snapshot, mapping, now)))
      .slice(0, TIMESTAMPS_PER_ROUND);
    await Promise.all(
      wanted.map(async ({ topic, partition, offset }) => {
        try {
          const timestamp = await this.#options.source().timestampAt(topic, partition, offset);
          this.#remember(topic, partition, offset, timestamp);
        } catch {
          // The age stays unknown and the next round asks again. Whether the source answers is for the offsets to say.
        }
      }),
    );
  }

  /** The partitions of a mapping whose oldest waiting record has an age that nobody knows yet. */
  #lookups(snapshot: LinkSnapshot, mapping: Mapping, now: number) {
    const observation = this.#observation;
    const committed = observation.committed.get(mappingKey(snapshot.link.name, mapping.name));
    return [...(observation.offsets.get(mapping.source) ?? [])].flatMap(([partition, offsets]) => {
      const next = nextOffset(snapshot, mapping, partition, observation, now);
      const records = lagRecords(offsets, next, mapping, committed?.get(partition) === null);
      const pending = freshStatus(snapshot, mapping, partition, now)?.oldestPendingTimestamp ?? null;
      const offset = Math.max(next ?? offsets.start, offsets.start);
      const known = observation.timestamps.get(mapping.source)?.get(partition);
      if (records === null || records === 0 || pending !== null || known?.offset === offset) return [];
      return [{ topic: mapping.source, partition, offset }];
    });
  }

  #remember(topic: string, partition: number, offset: number, timestamp: number | null): void {
    const ofTopic = new Map(this.#observation.timestamps.get(topic)).set(partition, { offset, timestamp });
    this.#observe({ timestamps: new Map(this.#observation.timestamps).set(topic, ofTopic) });
  }

  async #partitionCount(source: ClusterConnection, topic: string): Promise<number | null> {
    const known = this.#counts.get(topic);
    // A topic that is missing may be created at any moment, and somebody may be waiting for it.
    const maxAgeMs = known?.partitions === null ? 0 : PARTITION_COUNT_AGE_MS;
    if (known !== undefined && Date.now() - known.at < maxAgeMs) return known.partitions;
    const partitions = await source.partitionCount(topic);
    this.#counts.set(topic, { at: Date.now(), partitions });
    return partitions;
  }

  #observe(changes: Partial<Observation>): void {
    this.#observation = { ...this.#observation, ...changes };
  }

  #nextRound(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, waitMs);
      this.#waiting.add(resume);
    });
  }

  #waitAtMost(delayMs: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, delayMs));
      this.#wakes.add(wake);
    });
  }
}

/** The clusters a link connects, as a key. Names hold no slash. */
export function pairKey(link: Pick<Link, "source" | "destination">): string {
  return `${link.source}/${link.destination}`;
}

/** The two clusters of a pair; undefined where one is gone. */
export function pairOf(key: string, clusters: ReadonlyMap<string, Cluster>): [Cluster, Cluster] | undefined {
  const [source, destination] = key.split("/").map((name) => clusters.get(name));
  return source === undefined || destination === undefined ? undefined : [source, destination];
}

const NONE: ByPartition<string> = new Map();

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

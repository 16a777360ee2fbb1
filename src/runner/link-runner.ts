/** All mappings of one link in this process: takes plans, follows the group's assignment, says how things stand. */

import { isDeepStrictEqual } from "node:util";
import { concatMap, Subject, Subscription } from "rxjs";
import { rulingOf } from "../config/policy-ruling.ts";
import { sameButPaused } from "../config/same-mapping.ts";
import { groupOf } from "../model/progress.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import type { RunnerStatus } from "../model/status.ts";
import type { AssignmentChange } from "../rdkafka/membership.ts";
import { type ConnectionError, LinkConnections, type Side } from "./link-connections.ts";
import { MappingRunner } from "./mapping-runner.ts";
import { OutageWatch } from "./outage-watch.ts";

/** How often positions are committed on the source, for tools that show lag. */
const COMMIT_INTERVAL_MS = 5000;
/** A partition that waits this long makes the clusters suspect: one that hangs breaks no connection for a minute. */
const SUSPECT_AFTER_MS = 3000;
const SUSPECT_INTERVAL_MS = 1000;
/** How often what belongs to topics beside their records is compared with the source. */
const FOLLOW_INTERVAL_MS = 10_000;

export class LinkRunner {
  readonly #connections: LinkConnections;
  readonly #mappings = new Map<string, MappingRunner>();
  /** What the group gave us, by source topic. */
  readonly #assigned = new Map<string, Set<number>>();
  readonly #plans$ = new Subject<LinkPlan>();
  readonly #outages: Readonly<Record<Side, OutageWatch>>;
  readonly #subscriptions = new Subscription();
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  #subscribed: readonly string[] = [];
  #following = false;

  private constructor(
    { link, source, destination }: LinkPlan,
    connections: LinkConnections,
    fatal: (error: ConnectionError) => void,
  ) {
    this.#connections = connections;
    this.#outages = {
      source: new OutageWatch(`source cluster ${source.name}`, async (timeoutMs) => {
        await connections.source.check(timeoutMs);
        // Without it librdkafka goes on asking and says nothing.
        await connections.source.checkGroup(groupOf(link.name), timeoutMs);
      }),
      destination: new OutageWatch(`destination cluster ${destination.name}`, (timeoutMs) =>
        connections.destination.check(timeoutMs),
      ),
    };
    // One plan at a time: the next one is compared with what the last one made.
    this.#subscriptions.add(this.#plans$.pipe(concatMap((plan) => this.#apply(plan))).subscribe());
    this.#subscriptions.add(connections.membership.changes$.subscribe((change) => this.#assignmentChanged(change)));
    this.#subscriptions.add(
      connections.errors$.subscribe((error) => {
        if (error.fatal) fatal(error);
        else this.#outages[error.side].suspect();
      }),
    );
    this.#timers = [
      setInterval(() => this.#commitAtSource(), COMMIT_INTERVAL_MS),
      setInterval(() => this.#suspectClusters(), SUSPECT_INTERVAL_MS),
      setInterval(() => void this.#followSource(), FOLLOW_INTERVAL_MS),
    ];
  }

  /** Connects for a link. Rejects where the plan cannot work at all: a property, a secret, the library. */
  static async start(plan: LinkPlan, fatal: (error: ConnectionError) => void): Promise<LinkRunner> {
    const runner = new LinkRunner(plan, await LinkConnections.open(plan), fatal);
    runner.apply(plan);
    return runner;
  }

  /** Takes a changed plan for the same two clusters. Mappings that did not change are not touched. */
  apply(plan: LinkPlan): void {
    this.#plans$.next(plan);
  }

  status(): RunnerStatus {
    const mappings = [...this.#mappings];
    return {
      at: Date.now(),
      waitingFor: this.#outages.source.reason ?? this.#outages.destination.reason,
      partitions: mappings.flatMap(([, mapping]) => mapping.statuses()),
      latency: Object.fromEntries(mappings.map(([name, mapping]) => [name, mapping.latency])),
      filterDigests: Object.fromEntries(
        mappings.flatMap(([name, { filterDigest }]) => (filterDigest === null ? [] : [[name, filterDigest]])),
      ),
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Finishes and commits what is under way, and lets go of everything. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#subscriptions.unsubscribe();
    for (const outage of Object.values(this.#outages)) outage.close();
    await Promise.all([...this.#mappings.values()].map((mapping) => mapping.close()));
    this.#commitAtSource();
    await this.#connections.close();
  }

  async #apply({ link, source, destination, filterDirectories, rulings }: LinkPlan): Promise<void> {
    const wanted = new Map(link.mappings.map((mapping) => [mapping.name, mapping]));
    const closing = [...this.#mappings].filter(([name, runner]) => {
      const mapping = wanted.get(name);
      if (mapping === undefined || !sameButPaused(mapping, runner.mapping)) return true;
      // Another version of a policy counts too, whatever it has changed: the evidence says which it was.
      return !isDeepStrictEqual(rulingOf(rulings, mapping), runner.ruling);
    });
    await Promise.all(
      closing.map(async ([name, runner]) => {
        await runner.close();
        this.#mappings.delete(name);
      }),
    );
    for (const [name, mapping] of wanted) {
      const paused = link.paused || mapping.paused;
      const existing = this.#mappings.get(name);
      if (existing) {
        existing.setPaused(paused);
        continue;
      }
      const { "compression.codec": codec, "compression.type": compression = codec } = destination.properties;
      const ruling = rulingOf(rulings, mapping);
      const own = { link: link.name, mapping, ruling, source, destination, filterDirectories, compression };
      const runner = new MappingRunner({ connections: this.#connections, ...own }, paused);
      this.#mappings.set(name, runner);
      runner.assign([...(this.#assigned.get(mapping.source) ?? [])]);
    }
    const topics = [...new Set([...wanted.values()].map(({ source }) => source))].toSorted();
    if (isDeepStrictEqual(topics, this.#subscribed)) return;
    this.#subscribed = topics;
    this.#connections.membership.subscribe(topics);
  }

  #assignmentChanged(change: AssignmentChange): void {
    const byTopic = Map.groupBy(change.partitions, ({ topic }) => topic);
    const stopped: Promise<void>[] = [];
    for (const [topic, entries] of byTopic) {
      const numbers = entries.map(({ partition }) => partition);
      const assigned = this.#assigned.get(topic) ?? new Set();
      this.#assigned.set(topic, assigned);
      for (const partition of numbers) {
        if (change.type === "assigned") assigned.add(partition);
        else assigned.delete(partition);
      }
      for (const mapping of this.#mappings.values()) {
        if (mapping.mapping.source !== topic) continue;
        if (change.type === "assigned") mapping.assign(numbers);
        else stopped.push(mapping.revoke(numbers));
      }
    }
    if (change.type === "revoked") void Promise.allSettled(stopped).then(change.done);
  }

  /** One mapping after the other: there may be many, and nothing of it is urgent. */
  async #followSource(): Promise<void> {
    if (this.#following) return;
    this.#following = true;
    for (const mapping of [...this.#mappings.values()]) await mapping.follow();
    this.#following = false;
  }

  #suspectClusters(): void {
    const longAgo = Date.now() - SUSPECT_AFTER_MS;
    const waits = [...this.#mappings.values()].some(({ waitingSince }) => (waitingSince ?? Infinity) < longAgo);
    if (waits) for (const outage of Object.values(this.#outages)) outage.suspect();
    // A source that hangs breaks no connection either: it only ends the session, and with it the assignment.
    const assigned = [...this.#assigned.values()].some(({ size }) => size > 0);
    if (!assigned && this.#subscribed.length > 0) this.#outages.source.suspect();
  }

  #commitAtSource(): void {
    this.#connections.membership.commit([...this.#mappings.values()].flatMap((mapping) => mapping.positions()));
  }
}

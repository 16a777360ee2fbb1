/** Keeps one runner per link: what the configuration asks for is what runs. */

import type { Logger } from "pino";
import { distinctUntilChanged, type Observable, Subject } from "rxjs";
import type { LinkPlan } from "../model/runner-protocol.ts";
import { OWN_PROCESSES } from "../own-modules.ts";
import { linkRulings } from "./policies/link-rulings.ts";
import { RunnerProcess, type StartRunner } from "./runner-process.ts";
import { clustersByName, type State } from "./state.ts";
import { type LinkSnapshot, SupervisedLink } from "./supervised-link.ts";

export interface SupervisorOptions {
  readonly log: Logger;
  /** How runners are started. Default: each in a process of its own. */
  readonly startRunner?: StartRunner;
  /** The runner's module. Default: strait's own. */
  readonly runnerModule?: URL;
  /** How long a runner that reported may say nothing before it is killed. Default 10,000. */
  readonly heartbeatTimeoutMs?: number;
  /** How long a runner may take to its first status; it may build the native library first. Default 180,000. */
  readonly startTimeoutMs?: number;
  /** How long a runner may take to drain before it is killed. Default 5,000. */
  readonly stopGraceMs?: number;
  /** Milliseconds to wait after so many ends in a row. Default: doubling from 0.5 s to 30 s, with jitter. */
  readonly restartDelay?: (failures: number) => number;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #links = new Map<string, SupervisedLink>();
  /** Runners of deleted links on their way out, by link: one of the same name starts after them. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #changes$ = new Subject<LinkSnapshot>();
  readonly #snapshots$ = new Subject<LinkSnapshot>();
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** A link's snapshot whenever its state or reason changes, the first one included. Completes on `close()`. */
  get changes$(): Observable<LinkSnapshot> {
    return this.#changes$.asObservable();
  }

  /** A link's snapshot at every status of its runner and every change. Completes on `close()`. */
  get snapshots$(): Observable<LinkSnapshot> {
    return this.#snapshots$.asObservable();
  }

  snapshot(link: string): LinkSnapshot | null {
    return this.#links.get(link)?.snapshot ?? null;
  }

  snapshots(): LinkSnapshot[] {
    return [...this.#links.values()].map((link) => link.snapshot);
  }

  /** Makes the running links those of the plans: new ones start, changed ones are told, the others stop. */
  reconcile(plans: readonly LinkPlan[]): void {
    if (this.#closed) return;
    const wanted = new Map(plans.map((plan) => [plan.link.name, plan]));
    for (const [name, link] of this.#links) {
      if (!wanted.has(name)) this.#remove(name, link);
    }
    for (const [name, plan] of wanted) {
      const link = this.#links.get(name);
      if (link === undefined) this.#add(name, plan);
      else link.apply(plan);
    }
  }

  /** Stops all runners, each with its time to drain. Resolves when no process is left. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    await Promise.all(this.#leaving.values());
    this.#changes$.complete();
    this.#snapshots$.complete();
  }

  #add(name: string, plan: LinkPlan): void {
    const {
      startRunner = (runner) => new RunnerProcess(runner),
      runnerModule = OWN_PROCESSES.runner,
      heartbeatTimeoutMs = 10_000,
      startTimeoutMs = 180_000,
      stopGraceMs = 5_000,
    } = this.#options;
    const options = { ...this.#options, startRunner, runnerModule, heartbeatTimeoutMs, startTimeoutMs, stopGraceMs };
    const link = new SupervisedLink(plan, options, this.#leaving.get(name) ?? Promise.resolve());
    this.#links.set(name, link);
    link.snapshot$.subscribe((snapshot) => this.#snapshots$.next(snapshot));
    link.snapshot$
      .pipe(distinctUntilChanged((a, b) => a.state === b.state && a.reason === b.reason))
      .subscribe((snapshot) => this.#changes$.next(snapshot));
  }

  #remove(name: string, link: SupervisedLink): void {
    this.#links.delete(name);
    const before = this.#leaving.get(name) ?? Promise.resolve();
    const gone = Promise.all([before, link.close()]).then(() => {
      if (this.#leaving.get(name) === gone) this.#leaving.delete(name);
    });
    this.#leaving.set(name, gone);
  }
}

/** What each link's runner is to do. */
export function plansOf(state: State, filterDirectories: readonly string[]): LinkPlan[] {
  const clusters = clustersByName(state);
  return state.links.flatMap((link) => {
    const source = clusters.get(link.source);
    const destination = clusters.get(link.destination);
    if (source === undefined || destination === undefined) return [];
    return [{ link, source, destination, rulings: linkRulings(state, link), nodeId: state.nodeId, filterDirectories }];
  });
}

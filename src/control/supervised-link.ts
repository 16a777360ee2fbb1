/** One link and its runner, started again whenever it ends, until the link is closed. */

import type { Logger } from "pino";
import { BehaviorSubject, type Observable } from "rxjs";
import type { Link } from "../config/resources.ts";
import { messageOf } from "../model/errors.ts";
import type { LinkPlan, RunnerMessage } from "../model/runner-protocol.ts";
import type { RunnerStatus } from "../model/status.ts";
import { linkState, type RunnerPhase, type StateWithReason } from "./link-state.ts";
import { restartDelay, STABLE_AFTER_MS } from "./restart-delay.ts";
import { runnerEnvironment } from "./runner-environment.ts";
import type { Runner, StartRunner } from "./runner-process.ts";

/** What is known of a link at a moment. */
export interface LinkSnapshot extends StateWithReason {
  readonly link: Link;
  /** The last status of any runner of this link; null if there was none yet. */
  readonly status: RunnerStatus | null;
  /** When it arrived, milliseconds since the epoch. */
  readonly statusAt: number;
  /** The process that sent it; another than `pid` where the runner has been started again since. */
  readonly statusPid: number | null;
  /** The runner's process id; null while there is none. */
  readonly pid: number | null;
  /** How many times a runner of this link ended without being asked to, since strait started. */
  readonly restarts: number;
}

/** What is known of a link before its first runner is there. */
export function snapshotBefore(link: Link): LinkSnapshot {
  return {
    link,
    state: "starting",
    reason: null,
    status: null,
    statusAt: 0,
    statusPid: null,
    pid: null,
    restarts: 0,
  };
}

export interface SupervisedLinkOptions {
  readonly startRunner: StartRunner;
  readonly runnerModule: URL;
  readonly heartbeatTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  /** Milliseconds to wait after so many ends in a row. */
  readonly restartDelay?: (failures: number) => number;
  readonly log: Logger;
}

export class SupervisedLink {
  readonly #options: SupervisedLinkOptions;
  readonly #snapshot$: BehaviorSubject<LinkSnapshot>;
  readonly #done: Promise<void>;
  #plan: LinkPlan;
  #runner: Runner | null = null;
  #ready = false;
  #closed = false;
  #failures = 0;
  /** Ends the wait before the next start. */
  #wake: () => void = () => undefined;

  /** Starts the first runner when `after` (the end of an earlier runner of a link of the same name) resolves. */
  constructor(plan: LinkPlan, options: SupervisedLinkOptions, after: Promise<void>) {
    this.#plan = plan;
    this.#options = options;
    this.#snapshot$ = new BehaviorSubject(snapshotBefore(plan.link));
    this.#done = this.#keepRunning(after);
  }

  get snapshot(): LinkSnapshot {
    return this.#snapshot$.value;
  }

  get snapshot$(): Observable<LinkSnapshot> {
    return this.#snapshot$.asObservable();
  }

  /** Gives the runner a changed plan. A link that waits for its next start is started at once: the change may help. */
  apply(plan: LinkPlan): void {
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    this.#plan = plan;
    this.#failures = 0;
    if (this.#ready) this.#runner?.send({ type: "apply", plan });
    this.#publish(this.#phase);
    this.#wake();
  }

  /** Stops the runner and does not start it again. Resolves when its process is gone. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#runner?.stop(this.#options.stopGraceMs);
    await this.#done;
  }

  #phase: RunnerPhase = { phase: "starting", after: null };

  async #keepRunning(after: Promise<void>): Promise<void> {
    await after;
    while (!this.#closed) {
      const { reason, livedMs } = await this.#oneLife();
      if (this.#closed) break;
      this.#failures = livedMs >= STABLE_AFTER_MS ? 1 : this.#failures + 1;
      const delayMs = (this.#options.restartDelay ?? restartDelay)(this.#failures);
      this.#options.log.warn({ link: this.#plan.link.name, reason, delayMs }, "runner ended");
      const restarts = this.snapshot.restarts + 1;
      const when = `it is started again after ${(delayMs / 1000).toFixed(1)} s`;
      this.#publish({ phase: "down", reason: `${reason}; ${when}` }, { restarts, pid: null });
      await this.#waitAtMost(delayMs);
      this.#phase = { phase: "starting", after: reason };
    }
    this.#publish({ phase: "stopped" }, { pid: null });
    this.#snapshot$.complete();
  }

  async #oneLife(): Promise<{ reason: string; livedMs: number }> {
    this.#ready = false;
    let runner: Runner;
    try {
      runner = this.#options.startRunner({
        module: this.#options.runnerModule,
        env: runnerEnvironment(),
        heartbeatTimeoutMs: this.#options.heartbeatTimeoutMs,
        startTimeoutMs: this.#options.startTimeoutMs,
        onMessage: (message) => this.#receive(runner, message),
      });
    } catch (error) {
      return { reason: `the runner cannot be started: ${messageOf(error)}`, livedMs: 0 };
    }
    this.#runner = runner;
    this.#publish(this.#phase, { pid: runner.pid ?? null });
    const reason = await runner.ended;
    this.#runner = null;
    return { reason, livedMs: Date.now() - runner.startedAt };
  }

  #receive(runner: Runner, message: RunnerMessage): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        runner.send({ type: "apply", plan: this.#plan });
        return;
      case "status":
        if (!this.#closed) {
          const { status } = message;
          this.#publish({ phase: "up", status }, { status, statusAt: Date.now(), statusPid: runner.pid ?? null });
        }
        return;
      case "fatal":
        this.#options.log.error({ link: this.#plan.link.name, code: message.code }, message.message);
    }
  }

  #publish(phase: RunnerPhase, changes: Partial<LinkSnapshot> = {}): void {
    this.#phase = phase;
    const { link } = this.#plan;
    this.#snapshot$.next({ ...this.snapshot, ...changes, link, ...linkState(link, phase) });
  }

  #waitAtMost(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The verifications that run, and the last reports of each link. */

import type { Logger } from "pino";
import { InvalidConfiguration } from "../config/invalid-configuration.ts";
import { suggestion } from "../config/nearest-name.ts";
import type { Link, Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import type { VerificationMessage } from "../model/verification.ts";
import { OWN_PROCESSES } from "../own-modules.ts";
import { HttpProblem } from "./problem.ts";
import { VerificationProcess } from "./verification-process.ts";
import type { Verification } from "./verification-view.ts";

/** What of a link is to be verified. What is absent does not narrow it. */
export interface VerificationInput {
  readonly mapping?: string;
  readonly partition?: number;
  readonly from?: number;
  readonly to?: number;
}

export interface VerificationsOptions {
  readonly log: Logger;
  /** What each link is at the moment. */
  readonly plans: () => readonly LinkPlan[];
  /** The verifier's module. Default: strait's own. */
  readonly module?: URL;
  /** How long a verifier may say nothing before it is killed. Default 10,000. */
  readonly silenceMs?: number;
  /** How many may run at the same time. Default 2. */
  readonly maxRunning?: number;
}

interface Entry {
  view: Verification;
  /** Null when it is over. */
  process: VerificationProcess | null;
}

/** Finished ones of a link that are kept. */
const KEPT = 5;

export class Verifications {
  readonly #options: VerificationsOptions;
  /** By link, newest first. */
  readonly #entries = new Map<string, Entry[]>();
  #closed = false;

  constructor(options: VerificationsOptions) {
    this.#options = options;
  }

  /**
   * Starts to verify the mirrors of a link. Throws `not-found` where there is no such link, `configuration` where there is
   * nothing to verify, `conflict` where the link is being verified, and 503 where too many others are.
   */
  start(name: string, input: VerificationInput): Verification {
    if (this.#closed) throw new StraitError("closed", "strait is shutting down");
    const plan = this.#options.plans().find((each) => each.link.name === name);
    if (plan === undefined) throw new StraitError("not-found", `no link \`${name}\``);
    const { link } = plan;
    const mappings = mirrorsOf(link, input);
    this.#requireRoom(link.name);
    const entry: Entry = {
      view: {
        id: crypto.randomUUID(),
        link: link.name,
        state: "running",
        reason: null,
        clean: null,
        startedAt: new Date().toISOString(),
        finishedAt: null,
        progress: { offsets: 0, of: 0 },
        skipped: input.mapping === undefined ? link.mappings.filter(isAppend).map(({ name }) => name) : [],
        partitions: [],
      },
      process: null,
    };
    const { partition = null, from = null, to = null } = input;
    const request = { plan: { ...plan, link: { ...link, mappings } }, partition, from, to };
    const running = new VerificationProcess(request, {
      module: this.#options.module ?? OWN_PROCESSES.verifier,
      silenceMs: this.#options.silenceMs ?? 10_000,
      onMessage: (message) => receive(entry, message),
    });
    entry.process = running;
    this.#entries.set(link.name, [entry, ...(this.#entries.get(link.name) ?? []).slice(0, KEPT)]);
    // It never rejects.
    void running.ended.then((reason) => this.#finish(entry, reason));
    return entry.view;
  }

  /** Newest first. */
  list(link: string): Verification[] {
    return (this.#entries.get(link) ?? []).map(({ view }) => view);
  }

  /** Throws `not-found` for one that never was, or that was long ago. */
  get(link: string, id: string): Verification {
    const view = this.list(link).find((each) => each.id === id);
    if (view !== undefined) return view;
    throw new StraitError(
      "not-found",
      `link ${link} has no verification \`${id.slice(0, 64)}\`; the last ${KEPT} are kept`,
    );
  }

  /** Ends and forgets what belongs to links that are no more. */
  keepOnly(links: ReadonlySet<string>): void {
    for (const [link, entries] of this.#entries) {
      if (links.has(link)) continue;
      for (const { process } of entries) process?.kill("the link was deleted");
      this.#entries.delete(link);
    }
  }

  /** Ends all. Resolves when no process is left. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#entries.values()].flat().flatMap(({ process }) => process ?? []);
    for (const process of running) process.kill("strait was stopped");
    await Promise.all(running.map(({ ended }) => ended));
  }

  #requireRoom(link: string): void {
    const { maxRunning = 2 } = this.#options;
    const running = [...this.#entries.values()].flat().filter(({ process }) => process !== null);
    if (running.some(({ view }) => view.link === link)) {
      throw new StraitError("conflict", `link ${link} is being verified already; wait for the end`);
    }
    if (running.length >= maxRunning) {
      throw new HttpProblem(503, `${maxRunning} verifications of other links are running; wait for the end of one`);
    }
  }

  #finish(entry: Entry, reason: string | null): void {
    const { link, partitions } = entry.view;
    const clean = reason === null ? partitions.every(({ differences }) => differences === 0) : null;
    const state = reason === null ? "done" : "failed";
    entry.process = null;
    entry.view = { ...entry.view, state, reason, clean, finishedAt: new Date().toISOString() };
    if (reason === null) this.#options.log.info({ link, clean, partitions: partitions.length }, "verified");
    else this.#options.log.warn({ link, reason }, "verification failed");
  }
}

function receive(entry: Entry, message: VerificationMessage): void {
  const { view } = entry;
  if (message.type === "progress") entry.view = { ...view, progress: { offsets: message.done, of: message.of } };
  if (message.type === "partition") entry.view = { ...view, partitions: [...view.partitions, message.result] };
}

const isAppend = ({ mode }: Mapping) => mode === "append";

/** The mappings that are meant, all of them mirrors. */
function mirrorsOf({ name, mappings }: Link, { mapping }: VerificationInput): Mapping[] {
  const refused = (path: string, message: string) => new InvalidConfiguration([{ path, message }]);
  if (mapping === undefined) {
    const mirrors = mappings.filter((each) => !isAppend(each));
    if (mirrors.length > 0) return mirrors;
    throw refused("", `link ${name} has no mapping of mode mirror, and of mode append offsets differ by design`);
  }
  const found = mappings.find((each) => each.name === mapping);
  if (found === undefined) {
    const known = mappings.map((each) => each.name);
    throw refused("/mapping", `link ${name} has no mapping \`${mapping}\`${suggestion(mapping, known)}`);
  }
  if (!isAppend(found)) return [found];
  throw refused("/mapping", `${mapping} is of mode append: its offsets differ from the source's by design`);
}

/** One life of a filter host: the child process, what is asked of it, what it may take, and its end. */

import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import { forkModule } from "../../fork-module.ts";
import { StraitError } from "../../model/errors.ts";
import { OWN_PROCESSES } from "../../own-modules.ts";
import { CLOSE_TIMEOUT_MS } from "../close-filters.ts";
import type { FilterFacts } from "../make-filter.ts";
import { FrameReader } from "./frame-reader.ts";
import { decodeAnswer, type HostAnswer } from "./host-answer.ts";
import { hostEnvironment } from "./host-environment.ts";
import type { HostLimits } from "./host-limits.ts";
import { type HostCommand, type HostMessage, type HostPlan, RECORDS_DESCRIPTOR } from "./host-messages.ts";
import { encodeRequest, type HostRequest } from "./host-request.ts";
import { residentBytes } from "./resident-memory.ts";

/** How often time and memory are looked at. */
const WATCH_MS = 100;

/** How often in the time that it may be silent a host gives a sign of life. */
const SIGNS = 10;

/** A host ended before it answered. */
export class HostEnded extends Error {
  override readonly name = "HostEnded";
  /** Whether strait ended it for a reason that has nothing to do with what was asked. */
  readonly unasked: boolean;

  /** `why` is fit for logs. */
  constructor(why: string, unasked: boolean) {
    super(why);
    this.unasked = unasked;
  }
}

type Asked = Omit<HostRequest, "id">;

export class HostProcess {
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #frames = new FrameReader();
  readonly #limits: HostLimits;
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #waiting = new Map<number, { readonly asked: Asked; readonly answer: PromiseWithResolvers<HostAnswer> }>();
  readonly #made = Promise.withResolvers<readonly FilterFacts[]>();
  readonly #ready = Promise.withResolvers<void>();
  #facts: readonly FilterFacts[] = [];
  #asked = 0;
  #end: HostEnded | null = null;
  /** How often it was looked at since it was heard of: while we do not get to look, we do not get to hear either. */
  #silentLooks = 0;
  #measuring = false;

  private constructor(limits: HostLimits, env: Record<string, string>) {
    this.#limits = limits;
    // Nobody waits for it to be ready or made once it was to end.
    this.#made.promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    const stdio: ("ignore" | "ipc" | "pipe")[] = ["ignore", "ignore", "ignore", "ipc", "pipe"];
    this.#child = forkModule(OWN_PROCESSES.filterHost, [String(process.pid)], { stdio, env });
    this.#pipe = this.#child.stdio[RECORDS_DESCRIPTOR] as Duplex;
    this.#pipe.on("data", (chunk: Buffer) => this.#receive(chunk));
    // The end of the process says more.
    this.#pipe.on("error", () => {});
    this.#child.on("message", (message: HostMessage) => this.#heed(message));
    this.gone = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        this.#over(new HostEnded(`its process ended (${signal ?? `exit code ${code}`})`, false));
        resolve();
      });
      this.#child.on("error", (error) => {
        this.kill(`its process cannot be reached: ${error.message}`);
        if (this.#child.pid === undefined) resolve();
      });
    });
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
  }

  /**
   * Starts a process and makes the filters in it. Rejects as making them does (`filter-invalid`, `secret-unavailable`), and
   * with `filter-invalid` where the process ends over it or takes too long.
   */
  static async start(plan: Omit<HostPlan, "answerMs" | "signMs">, limits: HostLimits): Promise<HostProcess> {
    const host = new HostProcess(limits, hostEnvironment([plan.filters, plan.surroundings]));
    const { answerMs, stuckMs, makeMs } = limits;
    const late = setTimeout(() => host.kill(`they were not made within ${makeMs / 1000} s`), makeMs);
    try {
      await host.#ready.promise;
      host.#tell({ type: "make", plan: { ...plan, answerMs, signMs: stuckMs / SIGNS } });
      host.#facts = await host.#made.promise;
      return host;
    } catch (error) {
      host.kill("its filters cannot be made");
      if (!(error instanceof HostEnded)) throw error;
      const names = plan.filters.map(({ use }) => use).join(", ");
      throw new StraitError("filter-invalid", `filters ${names} could not be made: ${error.message}`, { cause: error });
    } finally {
      clearTimeout(late);
    }
  }

  /** Of each filter. */
  get facts(): readonly FilterFacts[] {
    return this.#facts;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  /** How many requests it was given. */
  get asked(): number {
    return this.#asked;
  }

  /** Takes records through its filters. Rejects with {@link HostEnded}. */
  async ask(asked: Asked): Promise<HostAnswer> {
    if (this.#end !== null) throw this.#end;
    const id = this.#asked + 1;
    const frame = encodeRequest({ ...asked, id });
    this.#asked = id;
    const answer = Promise.withResolvers<HostAnswer>();
    if (this.#waiting.size === 0) this.#silentLooks = 0;
    this.#waiting.set(id, { asked, answer });
    this.#pipe.write(frame);
    return answer.promise;
  }

  /** Ends it at once. `unasked`: for a reason that has nothing to do with what is under way. */
  kill(why: string, unasked = false): void {
    this.#over(new HostEnded(why, unasked));
    this.#child.kill("SIGKILL");
  }

  /** Lets the filters close, which may take a second, and ends it. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#tell({ type: "close" });
    const impatience = setTimeout(() => this.kill("closed", true), CLOSE_TIMEOUT_MS + 500);
    await this.gone;
    clearTimeout(impatience);
  }

  #tell(command: HostCommand): void {
    // Where it cannot be told it is ending, and says why.
    if (this.#child.connected) this.#child.send(command, () => {});
  }

  #heed(message: HostMessage): void {
    if (message.type === "ready") this.#ready.resolve();
    if (message.type === "made") this.#made.resolve(message.facts);
    if (message.type === "ends") this.kill(message.why);
    if (message.type !== "refused") return;
    this.#made.reject(new StraitError(message.code, message.message, { retriable: message.retriable }));
  }

  #receive(chunk: Buffer): void {
    this.#silentLooks = 0;
    try {
      for (const frame of this.#frames.push(chunk)) {
        if (frame.length === 0) continue; // a sign of life
        const answer = decodeAnswer(frame);
        const waiting = this.#waiting.get(answer.id);
        if (waiting === undefined || !isAnswerTo(waiting.asked, answer)) throw new RangeError("no answer to a request");
        this.#waiting.delete(answer.id);
        waiting.answer.resolve(answer);
      }
    } catch {
      // Whatever it was: a filter has written to what is not its own.
      this.kill("its process answered what no filter host does");
    }
  }

  #look(): void {
    const { stuckMs, memoryBytes } = this.#limits;
    if (this.#waiting.size > 0 && ++this.#silentLooks * WATCH_MS > stuckMs) {
      this.kill(`it did not come back for ${stuckMs / 1000} s`);
      return;
    }
    if (this.#measuring || this.pid === undefined) return;
    this.#measuring = true;
    void residentBytes(this.pid).then((bytes) => {
      this.#measuring = false;
      const megabytes = Math.round(memoryBytes / 1_048_576);
      if (bytes !== null && bytes > memoryBytes) this.kill(`its process took more than ${megabytes} MB of memory`);
    });
  }

  #over(end: HostEnded): void {
    if (this.#end !== null) return;
    this.#end = end;
    clearInterval(this.#watch);
    this.#pipe.destroy();
    this.#made.reject(end);
    this.#ready.reject(end);
    for (const { answer } of this.#waiting.values()) answer.reject(end);
    this.#waiting.clear();
  }
}

/** Whether there is an outcome for every record: one without would cross as it is. */
function isAnswerTo({ records, from, to, stopsAtFailure }: Asked, { outcomes }: HostAnswer): boolean {
  const last = outcomes.at(-1);
  const mayBeLast = last?.verb === "late" || (last?.verb === "fail" && stopsAtFailure);
  const enough = mayBeLast ? outcomes.length <= records.length : outcomes.length === records.length;
  return enough && outcomes.every((outcome) => !("step" in outcome) || (outcome.step >= from && outcome.step < to));
}

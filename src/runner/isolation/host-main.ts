/**
 * The filter host: a process that runs the filter files of one mapping, so that a runner outlives whatever they do. Started
 * by src/runner/isolation/host-process.ts. It knows no cluster, and of the secrets only those its filters refer to. What
 * filters print is dropped: it may hold content.
 */

import process from "node:process";
import { Worker } from "node:worker_threads";
import { messageOf, StraitError } from "../../model/errors.ts";
import { OWN_THREADS } from "../../own-modules.ts";
import { closeFilters } from "../close-filters.ts";
import { kindOf } from "../filter-failure.ts";
import { type FilterFacts, makeFilter } from "../make-filter.ts";
import type { FilterStep } from "../stage.ts";
import { AnswerClock } from "./answer-clock.ts";
import { type HostCommand, type HostMessage, type HostPlan, RECORDS_DESCRIPTOR } from "./host-messages.ts";
import { ReceivedRequest } from "./host-request.ts";
import { HostRun } from "./host-run.ts";
import { RecordPipe } from "./record-pipe.ts";

/** How long the last message may take to be on its way. */
const LAST_WORDS_MS = 200;

/** A frame without anything in it. */
const SIGN_OF_LIFE = Buffer.alloc(4);

class Host {
  readonly #steps: FilterStep[] = [];
  readonly #pipe = new RecordPipe(RECORDS_DESCRIPTOR);
  #underWay = 0;
  #ending = false;

  /** Makes the filters and answers requests until the runner ends it. */
  async run({ surroundings, filters, answerMs, signMs }: HostPlan): Promise<void> {
    const clock = new AnswerClock(answerMs);
    const all: FilterFacts[] = [];
    try {
      for (const use of filters) {
        const { filter, facts } = await makeFilter(use, surroundings);
        this.#steps.push({ name: use.use, filter, monitor: use.monitor ?? false });
        all.push(facts);
      }
    } catch (error) {
      await closeFilters(this.#steps);
      tell(refusal(error));
      return;
    }
    tell({ type: "made", facts: all });
    setInterval(() => {
      if (this.#underWay > 0) void this.#write(SIGN_OF_LIFE);
    }, signMs);
    for await (const frame of this.#pipe.frames()) void this.#answer(frame, clock);
  }

  /** Says why and ends. Nothing that was not answered is answered any more. */
  end(why: string): void {
    if (this.#ending) return;
    this.#ending = true;
    const exit = () => process.exit(1);
    setTimeout(exit, LAST_WORDS_MS);
    tell({ type: "ends", why }, exit);
  }

  async close(): Promise<void> {
    await closeFilters(this.#steps);
    process.exit(0);
  }

  /** Requests of different partitions are answered side by side. */
  async #answer(frame: Buffer, clock: AnswerClock): Promise<void> {
    this.#underWay++;
    try {
      const answer = await new HostRun(new ReceivedRequest(frame), this.#steps, clock).answer();
      this.#underWay--;
      await this.#write(answer);
    } catch (error) {
      this.end(`it failed with ${kindOf(error)}`);
    }
  }

  async #write(frame: Buffer): Promise<void> {
    // Where the pipe is closed the runner is gone, and this process with it.
    if (!this.#ending) await this.#pipe.write(frame).catch(() => {});
  }
}

export function main(): void {
  const host = new Host();
  process.on("message", (command: HostCommand) => {
    if (command.type === "close") void host.close();
    else void host.run(command.plan).catch((error) => host.end(`it failed with ${kindOf(error)}`));
  });
  // Nobody else has a use for it.
  process.on("disconnect", () => process.exit(0));
  // The terminal sends Ctrl-C to the whole group; the runner decides what happens then.
  process.on("SIGINT", () => {});
  process.on("uncaughtException", (error) => host.end(`it threw ${kindOf(error)} outside of its answers`));
  process.on("unhandledRejection", (error) =>
    host.end(`a promise it does not wait for was rejected with ${kindOf(error)}`),
  );
  // A filter that keeps the event loop from hearing of the runner's end must not outlive it.
  const workerData = { parent: Number(process.argv[2]) };
  new Worker(OWN_THREADS.hostGuard, { workerData }).unref();
  tell({ type: "ready" });
}

function refusal(error: unknown): HostMessage {
  const { code, retriable } =
    error instanceof StraitError ? error : { code: "filter-invalid" as const, retriable: false };
  return { type: "refused", code, message: messageOf(error), retriable };
}

function tell(message: HostMessage, told: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, told);
}

if (import.meta.main) main();

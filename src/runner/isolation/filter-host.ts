/**
 * The filter files of one mapping in a process of their own, for as long as the mapping is there. A process that a filter
 * ends, stops or fills is replaced, and the record it was at is found by asking about one at a time.
 */

import { isDeepStrictEqual } from "node:util";
import type { FilterUse } from "../../config/resources.ts";
import { StraitError } from "../../model/errors.ts";
import type { Replace } from "../../model/filter.ts";
import type { KafkaRecord } from "../../model/record.ts";
import { merged, replaced } from "../filter-answer.ts";
import type { FilterSurroundings } from "../filter-context.ts";
import { lateMessage, statedReason } from "../filter-failure.ts";
import type { FilterFacts } from "../make-filter.ts";
import type { Tally } from "../tally.ts";
import { Gate } from "./gate.ts";
import type { HostAnswer, HostOutcome, Late } from "./host-answer.ts";
import type { HostLimits } from "./host-limits.ts";
import { HostEnded, HostProcess } from "./host-process.ts";
import { requestBytes } from "./host-request.ts";

/** What may be under way in a host, of all partitions: it has that twice in memory. */
const MAX_BYTES_UNDER_WAY = 8 << 20;

export interface FilterHostOptions {
  readonly surroundings: FilterSurroundings;
  /** All of them files, in the order of the mapping. */
  readonly filters: readonly FilterUse[];
  readonly limits: HostLimits;
}

/** Records of one partition and the filters they are for. */
export interface HostWork {
  readonly records: readonly KafkaRecord[];
  /** The filters by their number in the host: from this one on, up to `to` without it. */
  readonly from: number;
  readonly to: number;
  readonly stopsAtFailure: boolean;
  /** Takes what the filters did. */
  readonly tally: Tally;
}

/** What became of a record. */
export type FinalOutcome = Exclude<HostOutcome, Late>;

export class FilterHost {
  /** Of each filter. */
  readonly facts: readonly FilterFacts[];
  readonly #options: FilterHostOptions;
  readonly #gate = new Gate(MAX_BYTES_UNDER_WAY);
  #process: HostProcess;
  #restarting: Promise<HostProcess> | null = null;
  #outdated = false;
  #closed = false;

  private constructor(options: FilterHostOptions, process: HostProcess) {
    this.#options = options;
    this.facts = process.facts;
    this.#process = process;
  }

  /** Rejects as {@link HostProcess.start} does. */
  static async create(options: FilterHostOptions): Promise<FilterHost> {
    return new FilterHost(options, await startProcess(options));
  }

  /** Whether the files are not those any more that it was made of, so that another one has to be made. */
  get outdated(): boolean {
    return this.#outdated;
  }

  /**
   * Takes records through filters: one outcome for each, in order, up to the first failure where that stops. Rejects with
   * `closed` after `close`, and with what keeps a new process from being made of the same filters; that is retriable.
   */
  async run(work: HostWork): Promise<readonly FinalOutcome[]> {
    const bytes = work.records.reduce((sum, record) => sum + requestBytes(record), 0);
    for (;;) {
      try {
        const { outcomes } = await this.#gate.shared(bytes, () => this.#ask(work));
        const last = outcomes.at(-1);
        if (last?.verb !== "late") return outcomes as readonly FinalOutcome[];
        return await this.#gate.alone(() => this.#goOn(work, outcomes.slice(0, -1) as readonly FinalOutcome[], last));
      } catch (error) {
        if (!(error instanceof HostEnded)) throw error;
        // What was not to blame is asked again as it was.
        if (!error.unasked) return this.#gate.alone(() => this.#oneByOne(work, []));
      }
    }
  }

  /** Closes the filters and ends the process; what is under way rejects with `closed`. */
  async close(): Promise<void> {
    this.#closed = true;
    // One that is being made is ended when it is.
    await this.#process.close();
  }

  /** The process; a new one where the last one ended. */
  async #running(): Promise<HostProcess> {
    if (this.#closed) throw closed();
    if (!this.#process.ended) return this.#process;
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async #restart(): Promise<HostProcess> {
    const process = await startProcess(this.#options).catch((error: unknown) => {
      if (!(error instanceof StraitError)) throw error;
      throw new StraitError(error.code, error.message, { cause: error, retriable: true });
    });
    if (this.#closed) {
      process.kill("closed", true);
      throw closed();
    }
    if (isDeepStrictEqual(process.facts, this.facts)) {
      this.#process = process;
      return process;
    }
    // They would do something else than what is said of them.
    this.#outdated = true;
    process.kill("outdated", true);
    const names = this.#options.filters.map(({ use }) => use).join(", ");
    throw new StraitError("filter-invalid", `filters ${names} have changed since the mapping began with them`, {
      retriable: true,
    });
  }

  async #ask({ tally, ...work }: HostWork): Promise<HostAnswer> {
    const process = await this.#running();
    const answer = await process.ask(work);
    // A filter may still be at work for a record that was given up, and is to be asked one at a time.
    if (answer.outcomes.at(-1)?.verb === "late") process.kill("it was given up", true);
    tally.add(answer.counts);
    return answer;
  }

  /** Goes on behind a record that was not answered in time, whose filter is known then. */
  async #goOn(work: HostWork, done: readonly FinalOutcome[], late: Late): Promise<readonly FinalOutcome[]> {
    const record = work.records[done.length] as KafkaRecord;
    const failed = this.#failed(work, late.step, lateMessage(this.#options.limits.answerMs));
    const outcome = failed ?? (await this.#oneRecord(work, record, late.edit, late.step + 1));
    return this.#oneByOne(work, [...done, outcome]);
  }

  /** Takes the records behind those that are done through the filters one at a time. */
  async #oneByOne(work: HostWork, done: readonly FinalOutcome[]): Promise<readonly FinalOutcome[]> {
    const outcomes = [...done];
    while (outcomes.length < work.records.length) {
      if (work.stopsAtFailure && outcomes.at(-1)?.verb === "fail") break;
      outcomes.push(await this.#oneRecord(work, work.records[outcomes.length] as KafkaRecord, null, work.from));
    }
    return outcomes;
  }

  /** One record through one filter after the other, so that it is known which of them ended the process. */
  async #oneRecord(work: HostWork, record: KafkaRecord, before: Replace | null, from: number): Promise<FinalOutcome> {
    let edit = before;
    for (let step = from; step < work.to; step++) {
      const current = edit === null ? record : replaced(record, edit);
      const outcome = await this.#oneStep(work, current, step);
      if (outcome === null) continue;
      if (outcome.verb === "drop" || outcome.verb === "fail") return outcome;
      if (outcome.verb === "replace") edit = merged(edit, outcome);
    }
    return edit ?? { verb: "keep" };
  }

  /** One record through one filter. Null: it is a monitor and failed. */
  async #oneStep(work: HostWork, record: KafkaRecord, step: number): Promise<FinalOutcome | null> {
    for (;;) {
      // What earlier records left behind may be to blame; a process that has seen none of them tells.
      const isFirst = (await this.#running()).asked === 0;
      try {
        const { outcomes } = await this.#ask({ ...work, records: [record], from: step, to: step + 1 });
        const [outcome] = outcomes;
        if (outcome?.verb === "late") return this.#failed(work, step, lateMessage(this.#options.limits.answerMs));
        return outcome as FinalOutcome;
      } catch (error) {
        if (!(error instanceof HostEnded)) throw error;
        if (isFirst && !error.unasked) return this.#failed(work, step, error.message);
      }
    }
  }

  /** The outcome of a record that a filter failed on; null for a monitor, whose failures are counted. */
  #failed({ tally }: HostWork, step: number, message: string): FinalOutcome | null {
    const { use, monitor = false } = this.#options.filters[step] as FilterUse;
    if (!monitor) return { verb: "fail", step, reason: statedReason(message) };
    tally.monitor(use, ["fail"]);
    return null;
  }
}

function closed(): StraitError {
  return new StraitError("closed", "the filters were closed while records were in them");
}

function startProcess({ surroundings, filters, limits }: FilterHostOptions): Promise<HostProcess> {
  return HostProcess.start({ surroundings, filters }, limits);
}

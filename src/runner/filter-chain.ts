/** The filters of one mapping at work: from a batch of records to what may cross. */

import { createHash } from "node:crypto";
import type { ChainedFilter } from "../config/resources.ts";
import type { FilteredBatch, RecordBatch } from "../model/batch.ts";
import { messageOf, StraitError } from "../model/errors.ts";
import type { Drop, FilterResult, RecordFilter, Replace } from "../model/filter.ts";
import { drop } from "../model/filter.ts";
import type { KafkaRecord } from "../model/record.ts";
import { isPromise, merged, problemOf, replaced } from "./filter-answer.ts";
import { type FilterSurroundings, filterContext } from "./filter-context.ts";
import { loadFilterDefinition } from "./load-filter.ts";
import { keptEvidence, Tally } from "./tally.ts";

/** An asynchronous filter that has not answered by then has failed. */
const ANSWER_TIMEOUT_MS = 30_000;
/** What filters get to close: they have no data to save, and a mapping that stops or changes waits for them. */
const CLOSE_TIMEOUT_MS = 1000;

/** A record a filter could not handle. */
export interface FilterFailure {
  readonly batch: RecordBatch;
  readonly index: number;
  readonly record: KafkaRecord;
  /** The filter's name in the mapping. */
  readonly filter: string;
  /** Fit for logs and answers: never a message that could hold content. */
  readonly error: StraitError;
  /** The filter's own words, which may hold content and so must stay at the source. */
  readonly words: string;
}

/** Sets a record aside; resolves once it is safe there. */
export type Quarantine = (failure: FilterFailure) => Promise<void>;

export interface FilterChainOptions extends FilterSurroundings {
  /** What runs, in order. */
  readonly filters: readonly ChainedFilter[];
  /** How long an asynchronous filter may take for a record. Default 30,000. */
  readonly answerTimeoutMs?: number;
}

interface Step {
  /** As the mapping says it: a built-in's name or a file's path. */
  readonly name: string;
  readonly filter: RecordFilter;
}

export class FilterChain {
  readonly #steps: readonly Step[];
  readonly #answerTimeoutMs: number;
  /** SHA-256, hex, over code and options of every filter in order; secrets are in it as references only. */
  readonly digest: string;

  private constructor(steps: readonly Step[], digest: string, answerTimeoutMs: number) {
    this.#steps = steps;
    this.#answerTimeoutMs = answerTimeoutMs;
    this.digest = digest;
  }

  /** Loads and makes the filters. Rejects with `filter-invalid` or `secret-unavailable`. */
  static async create(options: FilterChainOptions): Promise<FilterChain> {
    const { filters, directories, answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
    const steps: Step[] = [];
    const digest = createHash("sha256");
    const context = filterContext(options);
    try {
      for (const { use, options: given = {} } of filters) {
        const loaded = await loadFilterDefinition(use, directories);
        digest.update(JSON.stringify([use, loaded.digest, given]));
        steps.push({ name: use, filter: await make(use, () => loaded.definition.create(given, context)) });
      }
    } catch (error) {
      await close(steps);
      throw error;
    }
    return new FilterChain(steps, digest.digest("hex"), answerTimeoutMs);
  }

  /**
   * Runs the filters over every record in order. A record that a filter fails on is handed to `quarantine` and left out,
   * or, without one, rejects with `filter-failed`: nothing of the batch may cross then.
   */
  async apply(batch: RecordBatch, quarantine: Quarantine | null): Promise<FilteredBatch> {
    if (this.#steps.length === 0 || batch.count === 0) return unchanged(batch);
    const edits: (Replace | Drop | null)[] = new Array(batch.count).fill(null);
    const tally = new Tally();
    for (let index = 0; index < batch.count; index++) {
      const record = batch.record(index);
      const outcome = this.#filter(record, tally);
      // Most filters answer at once, and awaiting each record would cost more than filtering it.
      const settled = outcome instanceof Promise ? await outcome : outcome;
      if ("verb" in settled) {
        edits[index] = settled.verb === "keep" ? null : settled;
        continue;
      }
      const failure: FilterFailure = { batch, index, record, ...settled };
      if (quarantine === null) throw failure.error;
      await quarantine(failure);
      edits[index] = drop;
      tally.quarantined++;
    }
    return { batch, edits, evidence: tally.evidence(batch.count) };
  }

  /** Closes the filters. One that fails to or takes too long is left: nothing depends on it any more. */
  close(): Promise<void> {
    return close(this.#steps);
  }

  /** Applies the steps to one record, from `from` on. */
  #filter(record: KafkaRecord, tally: Tally, from = 0, before: Replace | null = null): Settled | Promise<Settled> {
    let current = before === null ? record : replaced(record, before);
    let edit = before;
    for (let i = from; i < this.#steps.length; i++) {
      const step = this.#steps[i] as Step;
      let result: FilterResult | Promise<FilterResult>;
      try {
        result = step.filter.apply(current);
      } catch (thrown) {
        return failed(step.name, record, thrown);
      }
      if (isPromise(result)) return this.#resume(record, tally, i, edit, result);
      const problem = problemOf(result);
      if (problem !== null) return failed(step.name, record, problem);
      if (result.verb === "keep") continue;
      if (result.verb === "drop") {
        tally.drop(step.name);
        return result;
      }
      tally.change(step.name, result.changed);
      edit = merged(edit, result);
      current = replaced(record, edit);
    }
    if (edit === null) return KEPT;
    tally.replaced++;
    return edit;
  }

  /** Goes on after an asynchronous step has answered. */
  async #resume(
    record: KafkaRecord,
    tally: Tally,
    at: number,
    edit: Replace | null,
    answer: Promise<FilterResult>,
  ): Promise<Settled> {
    const { name } = this.#steps[at] as Step;
    let result: FilterResult;
    try {
      result = await withinTime(answer, this.#answerTimeoutMs);
    } catch (thrown) {
      return failed(name, record, thrown);
    }
    const problem = problemOf(result);
    if (problem !== null) return failed(name, record, problem);
    if (result.verb === "drop") {
      tally.drop(name);
      return result;
    }
    if (result.verb === "keep") return this.#filter(record, tally, at + 1, edit);
    tally.change(name, result.changed);
    return this.#filter(record, tally, at + 1, merged(edit, result));
  }
}

type Settled = FilterResult | { readonly filter: string; readonly error: StraitError; readonly words: string };

const KEPT: FilterResult = { verb: "keep" };

function unchanged(batch: RecordBatch): FilteredBatch {
  return { batch, edits: null, evidence: keptEvidence(batch.count) };
}

async function make(use: string, create: () => RecordFilter | Promise<RecordFilter>): Promise<RecordFilter> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof StraitError) throw error;
    throw new StraitError("filter-invalid", `filter ${use} could not be made: ${messageOf(error)}`, { cause: error });
  }
}

async function close(steps: readonly Step[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  // Async, so that a throw at once is a rejection like any other.
  await Promise.race([Promise.allSettled(steps.map(async ({ filter }) => filter.close?.())), late]);
  clearTimeout(timer);
}

/**
 * A failed record. Only strait's own errors are known to hold no content; of any other, the kind is said and its words are
 * kept for the quarantine.
 */
function failed(filter: string, record: KafkaRecord, thrown: unknown): Exclude<Settled, FilterResult> {
  const { topic, partition, offset } = record;
  const ours = thrown instanceof StraitError && thrown.code === "filter-failed";
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const why = ours ? thrown.message : `it threw ${kind} (its words are withheld: they may hold content)`;
  const error = new StraitError(
    "filter-failed",
    `filter ${filter} cannot handle ${topic}/${partition} offset ${offset}: ${why}`,
    {
      topic,
      partition,
      offset,
    },
  );
  return { filter, error, words: messageOf(thrown) };
}

async function withinTime(answer: Promise<FilterResult>, timeoutMs: number): Promise<FilterResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new StraitError("filter-failed", `it has not answered for ${timeoutMs / 1000} s`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

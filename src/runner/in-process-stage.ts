/** Filters that run in the runner itself: the built-in ones, which are trusted and most of which answer at once. */

import { setImmediate } from "node:timers/promises";
import { StraitError } from "../model/errors.ts";
import type { FilterResult, Replace } from "../model/filter.ts";
import { isPromise, merged, problemOf, replaced } from "./filter-answer.ts";
import { type FailureReason, lateMessage, reasonOf, statedReason } from "./filter-failure.ts";
import type { FilteredRecords } from "./filtered-records.ts";
import type { FilterStep, Stage } from "./stage.ts";

/**
 * After so long other work gets its turn: a batch of a megabyte may hold millions of records, and a runner that tells
 * nothing of itself for seconds is taken for one that hangs.
 */
const TURN_MS = 50;
/** Between two looks at the clock. */
const RECORDS_PER_LOOK = 64;

export class InProcessStage implements Stage {
  readonly #steps: readonly FilterStep[];
  readonly #answerMs: number;

  constructor(steps: readonly FilterStep[], answerMs: number) {
    this.#steps = steps;
    this.#answerMs = answerMs;
  }

  async apply(records: FilteredRecords): Promise<void> {
    let turnEnds = performance.now() + TURN_MS;
    for (let index = 0; index < records.end; index++) {
      if (index % RECORDS_PER_LOOK === 0 && performance.now() > turnEnds) {
        await setImmediate();
        turnEnds = performance.now() + TURN_MS;
      }
      if (records.isOut(index)) continue;
      const later = this.#run(records, index, 0, records.edit(index));
      // Most filters answer at once, and awaiting each record would cost more than filtering it.
      if (later !== undefined) await later;
    }
  }

  /** Applies the steps to one record, from `from` on. Returns a promise where one of them answers later. */
  #run(records: FilteredRecords, index: number, from: number, before: Replace | null): Promise<void> | undefined {
    const source = records.source(index);
    let edit = before;
    let current = edit === null ? source : replaced(source, edit);
    for (let i = from; i < this.#steps.length; i++) {
      const step = this.#steps[i] as FilterStep;
      let result: FilterResult | Promise<FilterResult>;
      try {
        result = step.filter.apply(current);
      } catch (thrown) {
        if (failed(records, index, step, reasonOf(thrown))) return undefined;
        continue;
      }
      if (isPromise(result)) return this.#resume(records, index, i, edit, result);
      const next = taken(records, index, step, edit, result);
      if (next === OUT) return undefined;
      if (next === edit) continue;
      edit = next;
      if (edit !== null && i + 1 < this.#steps.length) current = replaced(source, edit);
    }
    if (edit !== null) records.settle(index, edit);
    return undefined;
  }

  /** Goes on after an asynchronous step has answered. */
  async #resume(
    records: FilteredRecords,
    index: number,
    at: number,
    edit: Replace | null,
    answer: Promise<FilterResult>,
  ): Promise<void> {
    const step = this.#steps[at] as FilterStep;
    let next: Replace | null | typeof OUT = edit;
    try {
      next = taken(records, index, step, edit, await withinTime(answer, this.#answerMs));
    } catch (thrown) {
      if (failed(records, index, step, reasonOf(thrown))) return;
    }
    if (next !== OUT) await this.#run(records, index, at + 1, next);
  }
}

/** Instead of what was changed of a record so far: no other filter is to see it. */
const OUT: unique symbol = Symbol("out");

/** What was changed of a record, with what a filter answered. */
function taken(
  records: FilteredRecords,
  index: number,
  step: FilterStep,
  edit: Replace | null,
  result: FilterResult,
): Replace | null | typeof OUT {
  const problem = problemOf(result);
  if (problem !== null) return failed(records, index, step, statedReason(problem)) ? OUT : edit;
  if (result.verb === "keep") return edit;
  const { name, monitor } = step;
  if (monitor) {
    records.tally.monitor(name, result.verb === "drop" ? ["drop"] : result.changed);
    return edit;
  }
  if (result.verb === "drop") {
    records.tally.drop(name);
    records.settle(index, result);
    return OUT;
  }
  records.tally.change(name, result.changed);
  return merged(edit, result);
}

/** Notes that a filter cannot handle a record. True if no other one is to see it. */
function failed(
  records: FilteredRecords,
  index: number,
  { name, monitor }: FilterStep,
  reason: FailureReason,
): boolean {
  if (monitor) records.tally.monitor(name, ["fail"]);
  else records.fail(index, name, reason);
  return !monitor;
}

async function withinTime(answer: Promise<FilterResult>, timeoutMs: number): Promise<FilterResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new StraitError("filter-failed", lateMessage(timeoutMs));
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

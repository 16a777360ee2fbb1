/** Takes the records of one request through the filters of a host. */

import type { FilterResult, Replace } from "../../model/filter.ts";
import { isPromise, merged, problemOf } from "../filter-answer.ts";
import { type FailureReason, reasonOf, statedReason } from "../filter-failure.ts";
import type { FilterStep } from "../stage.ts";
import { Tally } from "../tally.ts";
import { type AnswerClock, LATE } from "./answer-clock.ts";
import { AnswerWriter, type HostOutcome } from "./host-answer.ts";
import type { ReceivedRequest, SharedRecord } from "./host-request.ts";
import { changedBy, keptEdit, restore, type ShownRecord, show, spoiltPart } from "./shared-record.ts";

/** After so long the event loop gets a turn, so that signs of life, timers and other partitions have theirs. */
const TURN_MS = 50;

/** A record between two filters. */
interface Position {
  readonly shared: SharedRecord;
  readonly edit: Replace | null;
  readonly step: number;
}

/**
 * One request being answered. Everything is answered that can be: a filter that throws, answers nonsense or writes to the
 * record fails on that record. What ends the process is for the runner to see.
 */
export class HostRun {
  readonly #request: ReceivedRequest;
  readonly #steps: readonly FilterStep[];
  readonly #clock: AnswerClock;
  readonly #tally = new Tally();

  constructor(request: ReceivedRequest, steps: readonly FilterStep[], clock: AnswerClock) {
    this.#request = request;
    this.#steps = steps.slice(0, request.to);
    this.#clock = clock;
  }

  /** The answer as a frame. */
  async answer(): Promise<Buffer> {
    const { id, bytes, count, from, stopsAtFailure } = this.#request;
    const writer = new AnswerWriter(id, bytes + 256);
    let turnedAt = this.#clock.now();
    for (let left = count; left > 0; left--) {
      const given = this.#run({ shared: this.#request.next(), edit: null, step: from });
      const outcome = given instanceof Promise ? await given : given;
      writer.add(outcome);
      const { verb } = outcome;
      if (verb === "late" || (verb === "fail" && stopsAtFailure)) break;
      if (this.#clock.now() - turnedAt < TURN_MS) continue;
      await this.#clock.turn();
      turnedAt = this.#clock.now();
    }
    // What a filter left to happen by itself, as a promise that it does not wait for, fails before the answer counts.
    await this.#clock.turn();
    return writer.finish(this.#tally);
  }

  /** Applies the filters to a record, from a position on. */
  #run({ shared, edit, step }: Position): HostOutcome | Promise<HostOutcome> {
    let current = shared;
    let sum = edit;
    for (let i = step; i < this.#steps.length; i++) {
      const { filter } = this.#steps[i] as FilterStep;
      const shown = show(current);
      let answer: FilterResult | FailureReason;
      try {
        const result = filter.apply(shown.record);
        if (isPromise(result)) return this.#resume(result, shown, { shared: current, edit: sum, step: i });
        answer = checked(result);
      } catch (thrown) {
        answer = reasonOf(thrown);
      }
      const next = this.#settle(answer, shown, { shared: current, edit: sum, step: i });
      if ("verb" in next) return next;
      current = next.shared;
      sum = next.edit;
    }
    return sum ?? KEPT;
  }

  /** Goes on after a filter has answered later, or has not. */
  async #resume(result: Promise<FilterResult>, shown: ShownRecord, at: Position): Promise<HostOutcome> {
    let answer: FilterResult | FailureReason;
    try {
      const given = await this.#clock.within(result);
      if (given === LATE) return { verb: "late", step: at.step, edit: at.edit };
      answer = checked(given);
    } catch (thrown) {
      answer = reasonOf(thrown);
    }
    const next = this.#settle(answer, shown, at);
    return "verb" in next ? next : this.#run(next);
  }

  /** What comes of an answer: the outcome for the record, or where it goes on. */
  #settle(given: FilterResult | FailureReason, shown: ShownRecord, at: Position): HostOutcome | Position {
    const { shared, edit, step } = at;
    const { name, monitor } = this.#steps[step] as FilterStep;
    const spoilt = spoiltPart(shown, shared);
    const answer = spoilt === null ? given : statedReason(`it wrote to the record's ${spoilt}, which filters must not`);
    if (spoilt !== null) restore(shared);
    const next: Position = { shared, edit, step: step + 1 };
    if (!("verb" in answer)) {
      if (!monitor) return { verb: "fail", step, reason: answer };
      this.#tally.monitor(name, ["fail"]);
      return next;
    }
    if (answer.verb === "keep") return next;
    if (answer.verb === "drop") {
      if (monitor) this.#tally.monitor(name, ["drop"]);
      else this.#tally.drop(name);
      return monitor ? next : answer;
    }
    if (monitor) {
      this.#tally.monitor(name, answer.changed);
      return next;
    }
    this.#tally.change(name, answer.changed);
    // The last one's bytes are written down before it gets to do anything again.
    if (next.step === this.#steps.length) return merged(edit, answer);
    const changed = changedBy(shared, answer);
    return { shared: changed, edit: merged(edit, keptEdit(answer, changed)), step: next.step };
  }
}

const KEPT: HostOutcome = { verb: "keep" };

function checked(result: FilterResult): FilterResult | FailureReason {
  const problem = problemOf(result);
  if (problem !== null) return statedReason(problem);
  const named = result.verb !== "replace" || result.changed.every((path) => typeof path === "string");
  return named ? result : statedReason("its answer's list of what was changed is not one of names");
}

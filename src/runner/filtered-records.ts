/** A batch on its way through the stages of a filter chain: what was decided of each record so far. */

import type { FilteredBatch, RecordBatch } from "../model/batch.ts";
import { type Drop, drop, type Replace } from "../model/filter.ts";
import type { KafkaRecord } from "../model/record.ts";
import { replaced } from "./filter-answer.ts";
import { type FailureReason, type FilterFailure, failureOn } from "./filter-failure.ts";
import { Tally } from "./tally.ts";

export class FilteredRecords {
  readonly batch: RecordBatch;
  readonly tally = new Tally();
  /** Whether the first failure is the end: then nothing of the batch crosses, and what follows need not be looked at. */
  readonly stopsAtFailure: boolean;
  readonly #edits: (Replace | Drop | null)[];
  readonly #records: KafkaRecord[] = [];
  readonly #failures = new Map<number, FilterFailure>();
  #end: number;

  constructor(batch: RecordBatch, stopsAtFailure: boolean) {
    this.batch = batch;
    this.stopsAtFailure = stopsAtFailure;
    this.#edits = new Array(batch.count).fill(null);
    this.#end = batch.count;
  }

  /** Records from here on are not to be looked at. */
  get end(): number {
    return this.#end;
  }

  /** Whether a record was dropped or failed, so that no filter sees it any more. */
  isOut(index: number): boolean {
    return this.#edits[index]?.verb === "drop";
  }

  /** What was changed of a record so far. */
  edit(index: number): Replace | null {
    return this.#edits[index] as Replace | null;
  }

  /** The record as it is at the source. Asked for once of the batch, which may copy it. */
  source(index: number): KafkaRecord {
    let record = this.#records[index];
    if (record === undefined) {
      record = this.batch.record(index);
      this.#records[index] = record;
    }
    return record;
  }

  /** The record as the next filter sees it. */
  current(index: number): KafkaRecord {
    const edit = this.edit(index);
    return edit === null ? this.source(index) : replaced(this.source(index), edit);
  }

  /** Notes what a stage decided; the edit holds what earlier stages changed too. */
  settle(index: number, outcome: Replace | Drop | null): void {
    this.#edits[index] = outcome;
  }

  fail(index: number, filter: string, reason: FailureReason): void {
    const record = this.source(index);
    this.#failures.set(index, { batch: this.batch, index, record, ...failureOn(filter, record, reason) });
    this.#edits[index] = drop;
    if (this.stopsAtFailure) this.#end = index;
  }

  /** In order of their offsets. With `stopsAtFailure` the first is the one that counts. */
  failures(): FilterFailure[] {
    return [...this.#failures.values()].sort((a, b) => a.index - b.index);
  }

  /** What became of the batch, once its failures are where they belong. */
  result(): FilteredBatch {
    const replacedCount = this.#edits.reduce((count, edit) => (edit?.verb === "replace" ? count + 1 : count), 0);
    const { batch } = this;
    const evidence = this.tally.evidence(batch.count, { replaced: replacedCount, quarantined: this.#failures.size });
    return { batch, edits: this.#edits, evidence };
  }
}

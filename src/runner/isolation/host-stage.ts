/** Consecutive filter files of a chain, which run in the filter host of their mapping. */

import { drop } from "../../model/filter.ts";
import type { KafkaRecord } from "../../model/record.ts";
import { merged } from "../filter-answer.ts";
import type { FilteredRecords } from "../filtered-records.ts";
import type { Stage } from "../stage.ts";
import type { FilterHost, FinalOutcome } from "./filter-host.ts";
import { requestBytes } from "./host-request.ts";

/** Enough to spread the cost of a request over its records, few enough that none is long under way. */
const MAX_REQUEST_BYTES = 256 << 10;
const MAX_REQUEST_RECORDS = 2000;

export class HostStage implements Stage {
  readonly #host: FilterHost;
  readonly #from: number;
  readonly #names: readonly string[];

  /** `from` is the number of the first filter in the host, `names` those of the filters from there on. */
  constructor(host: FilterHost, from: number, names: readonly string[]) {
    this.#host = host;
    this.#from = from;
    this.#names = names;
  }

  async apply(records: FilteredRecords): Promise<void> {
    for (let next = 0; next < records.end; ) {
      const indexes: number[] = [];
      const asked: KafkaRecord[] = [];
      for (
        let bytes = 0;
        next < records.end && bytes < MAX_REQUEST_BYTES && asked.length < MAX_REQUEST_RECORDS;
        next++
      ) {
        if (records.isOut(next)) continue;
        const record = records.current(next);
        bytes += requestBytes(record);
        indexes.push(next);
        asked.push(record);
      }
      if (asked.length > 0) await this.#ask(records, indexes, asked);
    }
  }

  async #ask(records: FilteredRecords, indexes: readonly number[], asked: readonly KafkaRecord[]): Promise<void> {
    const { tally, stopsAtFailure } = records;
    const from = this.#from;
    const work = { records: asked, from, to: from + this.#names.length, stopsAtFailure, tally };
    const outcomes = await this.#host.run(work);
    for (const [i, outcome] of outcomes.entries()) this.#settle(records, indexes[i] as number, outcome);
  }

  #settle(records: FilteredRecords, index: number, outcome: FinalOutcome): void {
    if (outcome.verb === "replace") records.settle(index, merged(records.edit(index), outcome));
    else if (outcome.verb === "drop") records.settle(index, drop);
    else if (outcome.verb === "fail") {
      records.fail(index, this.#names[outcome.step - this.#from] ?? "", outcome.reason);
    }
  }
}

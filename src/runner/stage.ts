/** What a filter chain is made of. */

import type { RecordFilter } from "../model/filter.ts";
import type { FilteredRecords } from "./filtered-records.ts";

/** A filter at work. */
export interface FilterStep {
  /** As the mapping says it: a built-in's name or a file's path. */
  readonly name: string;
  readonly filter: RecordFilter;
  /** Whether it only looks on. */
  readonly monitor: boolean;
}

/** Consecutive filters of a chain that run in the same place. */
export interface Stage {
  /** Takes the records that are still to be looked at through its filters. Rejects where nothing can be said of them. */
  apply(records: FilteredRecords): Promise<void>;
}

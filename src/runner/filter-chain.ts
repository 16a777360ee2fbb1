/**
 * The filters of one mapping at work: from a batch of records to what may cross. Built-in filters run here, filter files in
 * a process of their own (`isolation/`), stage by stage over a whole batch.
 */

import { createHash } from "node:crypto";
import { isFilterFile } from "../config/filter-options.ts";
import type { ChainedFilter } from "../config/resources.ts";
import type { FilteredBatch, RecordBatch } from "../model/batch.ts";
import { closeFilters } from "./close-filters.ts";
import type { FilterSurroundings } from "./filter-context.ts";
import type { FilterFailure } from "./filter-failure.ts";
import { FilteredRecords } from "./filtered-records.ts";
import { InProcessStage } from "./in-process-stage.ts";
import { FilterHost } from "./isolation/filter-host.ts";
import { type HostLimits, hostLimits } from "./isolation/host-limits.ts";
import { HostStage } from "./isolation/host-stage.ts";
import { type FilterFacts, makeFilter } from "./make-filter.ts";
import type { FilterStep, Stage } from "./stage.ts";
import { keptEvidence } from "./tally.ts";

export type { FilterFailure } from "./filter-failure.ts";

/** Sets a record aside; resolves once it is safe there. */
export type Quarantine = (failure: FilterFailure) => Promise<void>;

export interface FilterChainOptions extends FilterSurroundings {
  /** What runs, in order. */
  readonly filters: readonly ChainedFilter[];
  /** Time and memory, where they are not the usual. */
  readonly limits?: Partial<HostLimits>;
}

interface Parts {
  readonly stages: readonly Stage[];
  /** The filters that run here. */
  readonly builtIn: readonly FilterStep[];
  readonly host: FilterHost | null;
  readonly digest: string;
  readonly keyChangers: readonly string[];
}

export class FilterChain {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Loads and makes the filters. Rejects with `filter-invalid` or `secret-unavailable`, and with `configuration` for a
   * memory limit that is none.
   */
  static async create(options: FilterChainOptions): Promise<FilterChain> {
    const { filters, mapping } = options;
    const limits = hostLimits(options.limits ?? {});
    // What the filters of a mapping are told of their surroundings, and not what others of it are told.
    const { link, source, destination, directories, readOnly = false } = options;
    const registries = { source: registryOf(source), destination: registryOf(destination) };
    const surroundings = { link, mapping: { ...mapping, filters: [] }, ...registries, directories, readOnly };
    // In order: the built-in filters of a mapping may see that they are not the only one on the same data.
    const shared = new Map<string, unknown>();
    const builtIn: FilterStep[] = [];
    const facts = new Map<ChainedFilter, FilterFacts>();
    try {
      for (const chained of filters.filter(({ use }) => !isFilterFile(use))) {
        const made = await makeFilter(chained, { ...surroundings, shared, monitor: chained.monitor ?? false });
        builtIn.push({ name: chained.use, filter: made.filter, monitor: chained.monitor ?? false });
        facts.set(chained, made.facts);
      }
      const files = filters.filter(({ use }) => isFilterFile(use));
      const host = files.length === 0 ? null : await FilterHost.create({ surroundings, filters: files, limits });
      for (const [i, file] of files.entries()) facts.set(file, host?.facts[i] as FilterFacts);
      const stages = stagesOf(filters, builtIn, host, limits);
      const changesKey = (filter: ChainedFilter) => !filter.monitor && facts.get(filter)?.changesKey === true;
      const keyChangers = filters.filter(changesKey).map(({ use }) => use);
      return new FilterChain({ stages, builtIn, host, digest: digestOf(filters, facts), keyChangers });
    } catch (error) {
      await closeFilters(builtIn);
      throw error;
    }
  }

  /**
   * SHA-256, hex, over every filter in order: its code, its options, the files it has read, the policy that put it there and
   * whether it only looks on. Secrets are in it as references only.
   */
  get digest(): string {
    return this.#parts.digest;
  }

  /** The names of the filters that may give a record another key. */
  get keyChangers(): readonly string[] {
    return this.#parts.keyChangers;
  }

  /** Whether filter files have changed in a way that this chain cannot take up; `apply` rejects then, and a new one is due. */
  get outdated(): boolean {
    return this.#parts.host?.outdated ?? false;
  }

  /**
   * Runs the filters over every record in order. A record that a filter fails on is handed to `quarantine` and left out,
   * or, without one, rejects with `filter-failed` for the first of them: nothing of the batch may cross then.
   */
  async apply(batch: RecordBatch, quarantine: Quarantine | null): Promise<FilteredBatch> {
    const { stages } = this.#parts;
    if (stages.length === 0 || batch.count === 0) {
      return { batch, edits: null, evidence: keptEvidence(batch.count) };
    }
    const records = new FilteredRecords(batch, quarantine === null);
    for (const stage of stages) await stage.apply(records);
    for (const failure of records.failures()) {
      if (quarantine === null) throw failure.error;
      await quarantine(failure);
    }
    return records.result();
  }

  /** Closes the filters. One that fails to or takes too long is left: nothing depends on it any more. */
  async close(): Promise<void> {
    const { builtIn, host } = this.#parts;
    await Promise.all([closeFilters(builtIn), host?.close()]);
  }
}

/** Neighbours that run in the same place are one stage. */
function stagesOf(
  filters: readonly ChainedFilter[],
  builtIn: readonly FilterStep[],
  host: FilterHost | null,
  { answerMs }: HostLimits,
): Stage[] {
  const stages: Stage[] = [];
  let here = 0;
  let there = 0;
  for (let start = 0, end = 0; start < filters.length; start = end) {
    const inHost = isFilterFile((filters[start] as ChainedFilter).use);
    while (end < filters.length && isFilterFile((filters[end] as ChainedFilter).use) === inHost) end++;
    const length = end - start;
    if (inHost && host !== null) {
      const names = filters.slice(start, end).map(({ use }) => use);
      stages.push(new HostStage(host, there, names));
      there += length;
    } else {
      stages.push(new InProcessStage(builtIn.slice(here, here + length), answerMs));
      here += length;
    }
  }
  return stages;
}

function digestOf(filters: readonly ChainedFilter[], facts: ReadonlyMap<ChainedFilter, FilterFacts>): string {
  const hash = createHash("sha256");
  for (const filter of filters) {
    hash.update(JSON.stringify([facts.get(filter)?.digest, filter.policy, filter.monitor ?? false]));
  }
  return hash.digest("hex");
}

/** Of a cluster, filters get to know the registry and nothing else. */
function registryOf({ schemaRegistry }: FilterSurroundings["source"]): FilterSurroundings["source"] {
  return schemaRegistry === undefined ? {} : { schemaRegistry };
}
